import SwiftUI
import TandemKit

/// As what somebody is in, with what they can read where that is to be said.
public struct RolePicker: View {
    private let title: String
    private let choices: [RoleChoice]
    private let role: Binding<Role?>
    private let say: Say

    public init(_ title: String, choices: [RoleChoice], role: Binding<Role?>, say: Say) {
        (self.title, self.choices, self.role, self.say) = (title, choices, role, say)
    }

    public var body: some View {
        Picker(selection: role) {
            ForEach(choices, id: \.role) { choice in
                VStack(alignment: .leading) {
                    Text(verbatim: say.beginning(choice.label)).font(.words)
                    if let reads = choice.reads { Text(verbatim: say(reads)).font(.state).grows() }
                }
                .tag(Optional(choice.role))
            }
        } label: {
            Text(verbatim: title)
        }
        .pickerStyle(.inline)
    }
}
