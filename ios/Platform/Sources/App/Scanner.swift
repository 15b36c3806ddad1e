import AVFoundation
import PhotosUI
import SwiftUI
import TandemDesign
import UIKit

/// The camera, until it sees a link, and an image from the library where a code was sent as one.
struct Scanner: View {
    let found: @MainActor (String?) -> Void
    @State private var access: CameraAccess?
    @State private var isForeign = false
    @State private var image: PhotosPickerItem?
    @Environment(\.say) private var say
    @Environment(\.openURL) private var openURL

    var body: some View {
        VStack(spacing: Space.normal) {
            switch access {
            case nil: Text(verbatim: say("common.loading"))
            case .given:
                CameraView(seen: seen) { access = .missing }.accessibilityLabel(say("common.scan"))
                Text(verbatim: say(isForeign ? "scan.foreign" : "scan.how"))
            case .refused:
                Text(verbatim: say("scan.refused"))
                LineButton(say("scan.settings"), symbol: "gear") {
                    if let settings = URL(string: UIApplication.openSettingsURLString) { openURL(settings) }
                }
            case .missing: Text(verbatim: say("scan.no_camera"))
            }
            PhotosPicker(selection: $image, matching: .images) {
                Text(verbatim: say("common.scan_image")).frame(minHeight: Space.target)
            }
        }
        // Asked for only here, where it is plain what for.
        .task { access = await AVCaptureDevice.requestAccess(for: .video) ? .given : .refused }
        .onChange(of: image) { _, image in
            guard let image else { return }
            Task {
                let data = try? await image.loadTransferable(type: Data.self)
                found(data.flatMap { Codes.read($0) })
            }
        }
    }

    /// Says whether that was what is looked for.
    private func seen(_ text: String) -> Bool {
        isForeign = !isLink(text)
        if !isForeign { found(text) }
        return !isForeign
    }
}

/// Whether there is a camera that may be used.
private enum CameraAccess { case given, refused, missing }

/// What the camera sees, until `seen` says that it was a link; `missing` is told that there is none.
private struct CameraView: UIViewControllerRepresentable {
    let seen: @MainActor (String) -> Bool
    let missing: @MainActor () -> Void

    func makeUIViewController(context: Context) -> CameraController {
        CameraController(seen: seen, missing: missing)
    }

    func updateUIViewController(_ controller: CameraController, context: Context) {}
}
