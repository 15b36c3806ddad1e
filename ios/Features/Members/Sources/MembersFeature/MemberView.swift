import SwiftUI
import TandemDesign
import TandemKit

/// Somebody who is in. Opened, it shows their devices and what can be done.
struct MemberView: View {
    private let item: MemberItem
    private let canChange: Bool
    private let model: MembersModel
    private let say: Say
    @State private var isOpen = false
    @Environment(\.palette) private var palette

    init(_ item: MemberItem, canChange: Bool, model: MembersModel, say: Say) {
        (self.item, self.canChange, self.model, self.say) = (item, canChange, model, say)
    }

    var body: some View {
        DisclosureGroup(isExpanded: $isOpen) {
            devices
        } label: {
            HStack(alignment: .top, spacing: Space.close) {
                Initials(of: item.row.author.name)
                VStack(alignment: .leading, spacing: Space.tight) {
                    Text(verbatim: say.name(item.row.author.name)).font(.rowTitle)
                    Text(verbatim: say.beginning(item.words.role)).font(.words).foregroundStyle(
                        palette.accentInk.color)
                    Text(verbatim: say(item.words.sentences))
                        .font(.state)
                        .foregroundStyle(palette.quiet.color)
                        .grows()
                }
                .filling()
                Image(systemName: shield).foregroundStyle(palette.accent.color).accessibilityHidden(true)
            }
            .frame(minHeight: Space.row)
            .accessibilityElement(children: .combine)
            .accessibilityHint(say(isOpen ? "members.less" : "members.more"))
        }
        ForEach(item.words.warnings, id: \.self) { warning in
            WarningLine(warning, say: say)
        }
        if canChange, item.row.dispensable, !item.words.warnings.isEmpty {
            LineButton(say("members.go_on_without"), symbol: "person.badge.minus", role: .destructive) {
                model.act(.goOnWithout(item.id))
            }
        }
        if canChange, !item.row.verified, !item.row.mine {
            LineButton(say("members.compare", ["who": .text(text: name)]), symbol: "checkmark.shield") {
                model.act(.compare(item.id))
            }
        }
    }

    private var name: String { say.name(item.row.author.name) }

    /// What it says is said in the sentences, too.
    private var shield: String {
        if item.row.author.role == .archive { return "archivebox" }
        return item.row.verified || item.row.mine ? "checkmark.shield" : "shield"
    }

    @ViewBuilder private var devices: some View {
        Text(verbatim: say("members.devices")).font(.rowTitle).accessibilityAddTraits(.isHeader)
        let devices = Array(zip(item.row.devices, item.words.devices))
        ForEach(devices, id: \.0.device) { device, words in
            VStack(alignment: .leading) {
                Text(verbatim: say(words)).font(.state).grows()
                if canChange, item.row.removable, devices.count > 1 {
                    LineButton(say("members.remove_phone"), symbol: "minus.circle", role: .destructive) {
                        model.act(.remove(item.id, device: device.device))
                    }
                }
            }
        }
        if canChange, !item.row.mine {
            if item.row.author.role != .archive {
                LineButton(say("members.readmit"), symbol: "iphone") { model.act(.readmit(item.id)) }
            }
            if item.row.removable {
                LineButton(say("members.remove"), symbol: "person.badge.minus", role: .destructive) {
                    model.act(.remove(item.id, device: nil))
                }
            }
        }
    }
}
