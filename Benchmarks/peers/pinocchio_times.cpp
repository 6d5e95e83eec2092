// Times Pinocchio's own algorithms without an interpreter around them: nanoseconds a call, one number a line.
//
//   pinocchio_times MODEL TIP < configurations     (MODEL: as Pinocchio writes it; one line a configuration: q, then qd, then qdd)
//
// Each quantity is computed for every configuration in turn, 25 times over; the fastest pass counts, as disturbances only ever add.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <limits>
#include <vector>

#include <pinocchio/algorithm/aba.hpp>
#include <pinocchio/algorithm/crba.hpp>
#include <pinocchio/algorithm/frames.hpp>
#include <pinocchio/algorithm/jacobian.hpp>
#include <pinocchio/algorithm/rnea.hpp>
#include <pinocchio/serialization.hpp>

namespace pin = pinocchio;

struct State { Eigen::VectorXd q, qd, qdd; };

template <typename Call> void time(const char *name, const std::vector<State> &states, Call call) {
  double best = std::numeric_limits<double>::infinity();
  for (int pass = 0; pass < 25; ++pass) {
    auto start = std::chrono::steady_clock::now();
    for (const State &s : states) call(s);
    best = std::min(best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%s %.1f\n", name, best / states.size());
}

int main(int, char **arguments) {
  pin::Model model;
  model.loadFromText(arguments[1]);
  pin::Data data(model);
  const pin::FrameIndex tip = model.getFrameId(arguments[2]);
  std::vector<State> states;
  for (;;) {
    State s{Eigen::VectorXd(model.nq), Eigen::VectorXd(model.nv), Eigen::VectorXd(model.nv)};
    for (Eigen::VectorXd *v : {&s.q, &s.qd, &s.qdd})
      for (double &x : *v) std::cin >> x;
    if (!std::cin) break;
    states.push_back(s);
  }
  pin::Data::Matrix6x jacobian(6, model.nv);
  jacobian.setZero();
  time("fk.jacobian", states, [&](const State &s) { pin::computeFrameJacobian(model, data, s.q, tip, pin::LOCAL_WORLD_ALIGNED, jacobian); });
  time("dynamics.inverse", states, [&](const State &s) { pin::rnea(model, data, s.q, s.qd, s.qdd); });
  time("dynamics.gravity", states, [&](const State &s) { pin::computeGeneralizedGravity(model, data, s.q); });
  time("dynamics.massMatrix", states, [&](const State &s) { pin::crba(model, data, s.q); });
  time("dynamics.forward", states, [&](const State &s) { pin::aba(model, data, s.q, s.qd, s.qdd); });
}
