import SwiftUI
import TandemDesign
import TandemKit
import XCTest

/// The audit finds what it is there for.
final class AuditTests: XCTestCase {
    @MainActor private func wrong(_ view: some View) -> [String] {
        var audit = Audit(keys: ["inbox.title"])
        audit.look(at: view.nodes)
        return audit.wrong
    }

    @MainActor private func said(_ words: String) -> String { "\(Marked.mark)\(words)" }

    @MainActor private func assert(_ view: some View, is complaint: String, _ line: UInt = #line) {
        XCTAssertTrue(wrong(view).contains { $0.contains(complaint) }, "\(wrong(view))", line: line)
    }

    @MainActor func testAControlWithoutWordsIsFound() async {
        assert(Button(action: {}) { EmptyView() }, is: "a button has no name")
        assert(
            Button(action: {}) { Image(systemName: "xmark").accessibilityHidden(true) },
            is: "a button has no name")
        assert(Button("Maya", action: {}), is: "has no words of the catalogue")
    }

    @MainActor func testASymbolOrAColourThatSaysSomethingAloneIsFound() async {
        assert(HStack { Image(systemName: "eye") }, is: "the symbol eye says nothing")
        assert(HStack { Image(systemName: "eye").accessibilityHidden(true) }, is: "no words beside")
        assert(Color.white, is: "a colour says something alone")
        assert(VStack { EmptyView() }.background(Color.white), is: "a colour without words")
    }

    @MainActor func testAButtonThatIsTooSmallForAFingerIsFoundAndAFrameAroundItDoesNotHelp() async {
        let name = said("Send")
        assert(Button(name, action: {}), is: "asks for")
        assert(Button(name, action: {}).target(), is: "asks for")
        let big = Button {
        } label: {
            Text(verbatim: name).target()
        }
        XCTAssertFalse(wrong(big).contains { $0.contains("asks for") }, "\(wrong(big))")
    }

    @MainActor func testAScreenWithoutAHeadingIsFound() async {
        assert(Text(verbatim: said("Words")), is: "no heading")
        XCTAssertEqual(wrong(Text(verbatim: said("Words")).navigationTitle(said("Title"))), [])
    }

    @MainActor func testAKeyAnOpenPlaceAndAnEmptyTextAreFound() async {
        assert(Text(verbatim: "inbox.title"), is: "the key 'inbox.title' is shown")
        assert(Text(verbatim: said("To {who}")), is: "has a place left open")
        assert(Text(verbatim: " "), is: "an empty text")
    }

    @MainActor func testAnUnmarkedRowIsCalledWhatPeopleCalledIt() async {
        let row = NavigationLink(value: 1) { Text(verbatim: "Maya") }.navigationTitle(said("Threads"))
        XCTAssertEqual(wrong(row), [])
    }
}
