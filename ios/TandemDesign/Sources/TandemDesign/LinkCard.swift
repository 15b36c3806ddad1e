import SwiftUI
import TandemKit

/// A link as QR code and text, to be shown, copied or shared.
public struct LinkCard: View {
    private let link: String
    private let say: Say
    @Environment(\.services) private var services
    @Environment(\.palette) private var palette
    @State private var isCopied = false

    public init(_ link: String, say: Say) { (self.link, self.say) = (link, say) }

    public var body: some View {
        VStack(alignment: .leading, spacing: Space.close) {
            if let code = services.code(link) {
                Image(decorative: code, scale: 1)
                    .interpolation(.none)
                    .resizable()
                    .scaledToFit()
                    .frame(maxWidth: 280)
                    .padding(Space.normal)
                    // A reader of codes needs light around it, at night too.
                    .background(Color.white, in: RoundedRectangle(cornerRadius: Space.corner))
                    .accessibilityElement()
                    .accessibilityLabel(say("common.qr"))
            }
            Text(verbatim: link)
                .font(.state.monospaced())
                .foregroundStyle(palette.quiet.color)
                .lineLimit(3)
                .textSelection(.enabled)
            LineButton(say(isCopied ? "common.copied" : "common.copy_link"), symbol: "doc.on.doc") {
                services.copy(link)
                isCopied = true
            }
            ShareButton(link, say: say)
        }
    }
}

/// A field for a link: pasted, typed or scanned.
public struct LinkField: View {
    private let title: String
    private let text: Binding<String>
    private let problem: Problem?
    private let say: Say
    private let scanned: @MainActor (String?) -> Void
    @Environment(\.services) private var services
    @State private var isScanning = false

    public init(
        _ title: String, text: Binding<String>, problem: Problem?, say: Say,
        scanned: @escaping @MainActor (String?) -> Void
    ) {
        (self.title, self.text, self.problem, self.say, self.scanned) = (title, text, problem, say, scanned)
    }

    public var body: some View {
        VStack(alignment: .leading, spacing: Space.tight) {
            Text(verbatim: title).font(.rowTitle).accessibilityHidden(true)
            TextField(title, text: text, axis: .vertical)
                .lineLimit(3)
                .textFieldStyle(.roundedBorder)
                .textInputAutocapitalization(.never)
                .autocorrectionDisabled()
                .accessibilityLabel(title)
            FieldProblem(problem, say: say)
            LineButton(say("common.paste"), symbol: "doc.on.clipboard") {
                text.wrappedValue = services.pasted() ?? text.wrappedValue
            }
            LineButton(say("common.scan"), symbol: "qrcode.viewfinder") { isScanning = true }
        }
        .sheet(isPresented: $isScanning) {
            VStack(spacing: Space.normal) {
                services.scanner { found in
                    isScanning = false
                    scanned(found)
                }
                ThumbButton(say("common.cancel")) { isScanning = false }.padding(Space.normal)
            }
        }
    }
}
