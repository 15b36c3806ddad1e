import TandemDesign
import TandemKit
import XCTest

/// What the design promises can be reckoned.
final class PaletteTests: XCTestCase {
    private let palettes = ["day": Palette.day, "night": Palette.night]

    func testTextStandsOutByDayAndByNight() {
        for (name, palette) in palettes {
            for ground in [palette.ground, palette.raised] {
                for ink in [palette.ink, palette.quiet, palette.accentInk, palette.red] {
                    XCTAssertGreaterThanOrEqual(ink.contrast(on: ground), 7, name)
                }
            }
            XCTAssertGreaterThanOrEqual(palette.onSoft.contrast(on: palette.soft), 7, name)
            XCTAssertGreaterThanOrEqual(palette.onAmber.contrast(on: palette.amberSoft), 7, name)
            XCTAssertGreaterThanOrEqual(palette.onAccent.contrast(on: palette.accentInk), 7, name)
        }
    }

    func testMarksStandOut() {
        for (name, palette) in palettes {
            for tint in [palette.accent, palette.amber] {
                XCTAssertGreaterThanOrEqual(tint.contrast(on: palette.ground), 4.5, name)
                XCTAssertGreaterThanOrEqual(tint.contrast(on: palette.raised), 4.5, name)
            }
            XCTAssertGreaterThanOrEqual(palette.accent.contrast(on: palette.soft), 4.5, name)
            XCTAssertGreaterThanOrEqual(palette.amber.contrast(on: palette.amberSoft), 4.5, name)
        }
    }

    func testContrastIsReckonedAsItIsDefined() {
        XCTAssertEqual(Tint(0xFFFFFF).contrast(on: Tint(0x000000)), 21, accuracy: 0.01)
        XCTAssertEqual(Tint(0x777777).contrast(on: Tint(0xFFFFFF)), 4.48, accuracy: 0.01)
    }

    func testEveryMarkHasAShapeOfItsOwn() {
        let marks: [Mark] = [.draft, .clock, .phone, .tick, .tickInPhone, .eye, .ear, .stopped]
        XCTAssertEqual(Set(marks.map(\.symbol)).count, marks.count)
    }
}
