import SwiftUI
import TandemKit
import WelcomeFeature

/// A link as long as real ones are.
let link =
    "tandem://join/relay.school.example:7443/\(Cast.device("relay"))/\(Cast.thread("Maya"))/guardian/"
    + Cast.invite("secret")

private let offered =
    "tandem://device/relay.school.example:7443/\(Cast.device("relay"))/\(Cast.device("new"))/"
    + Cast.invite("secret")

private let asks = (try? readLink(text: link)).map { linkWords(link: $0) } ?? []

private func shut(_ name: String, _ code: String, _ kind: Problem.Kind) -> Shown {
    Shown("shut", name) { ShutScreen(problem(code, kind)) {} }
}

@MainActor let shutStates = [
    shut("locked", "vault_locked", .locked),
    shut("damaged", "home_unreadable", .damaged),
    shut("newer", "newer_version", .updateNeeded),
]

private func welcome(_ name: String, _ state: WelcomeState) -> Shown {
    Shown("welcome", name) { WelcomeScreen(WelcomeModel(Still.home, from: state)) { _ in } }
}

private let first = with(WelcomeState()) { $0.role = .guardian }

private let filled = with(first) {
    $0.name = "Ana Torres"
    $0.link = link
    $0.asks = asks
    $0.ready = true
}

@MainActor let welcomeStates = [
    welcome("empty", first),
    welcome("ready", filled),
    welcome("busy", with(filled) { $0.busy = true }),
    welcome(
        "bad link",
        with(filled) {
            $0.link = "half a link"
            $0.asks = []
            $0.ready = false
            $0.problem = problem("bad_link", .badInput, "link")
        }),
    welcome("offline", with(filled) { $0.problem = problem("relay_out_of_reach") }),
    welcome("locked", with(filled) { $0.problem = problem("vault_locked", .locked) }),
    welcome("long name", with(filled) { $0.name = Cast.long.name }),
    welcome("right to left", with(filled) { $0.name = Cast.hebrew.name }),
]

private func join(_ name: String, _ change: (inout JoinScreenState) -> Void) -> Shown {
    let state = with(JoinScreenState()) {
        $0.around = Cast.around()
        $0.joins = .here([])
        change(&$0)
    }
    return Shown("join", name) { JoinScreen(JoinModel(Still.store, from: state)) { _ in } }
}

private func offer(_ state: OfferState) -> OfferItem {
    let row = OfferRow(link: offered, until: Cast.ago(-600), state: state)
    return OfferItem(row: row, words: offerWords(row: row))
}

private func uptake(_ what: String, _ state: UptakeState) -> UptakeItem {
    let row = UptakeRow(
        device: Cast.device(what), person: Cast.ana.person, mine: true, since: Cast.ago(8), state: state)
    return UptakeItem(row: row, words: uptakeWords(row: row))
}

let uptakes = [
    uptake("one", .waiting), uptake("two", .lettingIn(threads: 3, arrived: 1)),
    uptake("three", .refused(.offerExpired)),
]

@MainActor let joinStates = [
    join("loading") { $0.joins = .reading },
    join("empty") { _ in },
    join("ready") { ($0.link, $0.asks, $0.ready) = (link, asks, true) },
    join("busy") { ($0.link, $0.ready, $0.busy) = (link, true, true) },
    join("waiting") { $0.joins = .here([Cast.join("Maya")]) },
    join("joined and refused") {
        $0.joins = .here([Cast.join("Maya", .joined), Cast.join("Leo", .refused(.linkRevoked))])
    },
    join("bad link") {
        ($0.link, $0.problem) = ("https://example.org", problem("bad_link", .badInput, "link"))
    },
    join("error") { $0.problem = problem("relay_out_of_reach") },
    join("offer") { $0.offer = offer(.open) },
    join("offer taken up") { $0.offer = offer(.takenUp(name: "Ana Torres", waiting: 3)) },
    join("offer expired") { $0.offer = offer(.expired) },
    join("uptakes") { $0.uptakes = uptakes },
]
