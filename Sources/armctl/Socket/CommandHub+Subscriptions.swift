// What clients want to be told of.

extension CommandHub {
  func subscribe(_ client: ClientConnection, topics: [String], state subscription: StateSubscription) {
    if topics.contains("job") { client.wantsJobs = true }
    if topics.contains("event") { client.wantsEvents = true }
    if topics.contains("look") { client.wantsLooks = true }
    if topics.contains("gaze") { client.wantsBeliefs = true }
    if topics.contains("state") {
      if let old = client.stateSubscription { stateFan.remove(client, old) }
      client.stateSubscription = subscription
      stateFan.add(client, subscription)
    }
  }

  func unsubscribe(_ client: ClientConnection, topics: [String]) {
    if topics.contains("job") { client.wantsJobs = false }
    if topics.contains("event") { client.wantsEvents = false }
    if topics.contains("look") { client.wantsLooks = false }
    if topics.contains("gaze") { client.wantsBeliefs = false }
    if topics.contains("state"), let old = client.stateSubscription {
      stateFan.remove(client, old)
      client.stateSubscription = nil
      client.forgetStates()
    }
  }
}
