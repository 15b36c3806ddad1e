import AVFoundation
import PhotosUI
import SwiftUI
import TandemDesign
import UIKit

/// The camera, and an image from the library where a code was sent as one.
struct Scanner: View {
    let found: @MainActor (String?) -> Void
    @State private var image: PhotosPickerItem?
    @Environment(\.say) private var say

    var body: some View {
        VStack(spacing: Space.normal) {
            CameraView { found($0) }.accessibilityLabel(say("common.scan"))
            PhotosPicker(selection: $image, matching: .images) {
                Text(verbatim: say("common.scan_image")).frame(minHeight: Space.target)
            }
        }
        .onChange(of: image) { _, image in
            guard let image else { return }
            Task {
                let data = try? await image.loadTransferable(type: Data.self)
                found(data.flatMap { Codes.read($0) })
            }
        }
    }
}

/// What the camera sees, until there is a code in it.
private struct CameraView: UIViewControllerRepresentable {
    let found: @MainActor (String) -> Void

    func makeUIViewController(context: Context) -> CameraController { CameraController(found: found) }

    func updateUIViewController(_ controller: CameraController, context: Context) {}
}

private final class CameraController: UIViewController, AVCaptureMetadataOutputObjectsDelegate {
    private let found: @MainActor (String) -> Void
    private let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "tandem.camera")
    private var layer: AVCaptureVideoPreviewLayer?
    private var isDone = false

    init(found: @escaping @MainActor (String) -> Void) {
        self.found = found
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable) required init?(coder: NSCoder) { fatalError("made in code only") }

    override func viewDidLoad() {
        super.viewDidLoad()
        guard let camera = AVCaptureDevice.default(for: .video),
            let input = try? AVCaptureDeviceInput(device: camera), session.canAddInput(input)
        else { return }
        session.addInput(input)
        let output = AVCaptureMetadataOutput()
        guard session.canAddOutput(output) else { return }
        session.addOutput(output)
        output.setMetadataObjectsDelegate(self, queue: .main)
        output.metadataObjectTypes = [.qr]
        let layer = AVCaptureVideoPreviewLayer(session: session)
        layer.videoGravity = .resizeAspectFill
        view.layer.addSublayer(layer)
        self.layer = layer
    }

    override func viewDidLayoutSubviews() {
        super.viewDidLayoutSubviews()
        layer?.frame = view.bounds
    }

    override func viewWillAppear(_ animated: Bool) {
        super.viewWillAppear(animated)
        // Starting blocks, and the camera's session may be used from a queue of its own.
        nonisolated(unsafe) let session = session
        queue.async { session.startRunning() }
    }

    override func viewWillDisappear(_ animated: Bool) {
        super.viewWillDisappear(animated)
        nonisolated(unsafe) let session = session
        queue.async { session.stopRunning() }
    }

    nonisolated func metadataOutput(
        _ output: AVCaptureMetadataOutput, didOutput objects: [AVMetadataObject],
        from connection: AVCaptureConnection
    ) {
        let text = objects.lazy.compactMap { ($0 as? AVMetadataMachineReadableCodeObject)?.stringValue }.first
        MainActor.assumeIsolated {
            guard let text, !isDone else { return }
            isDone = true
            found(text)
        }
    }
}
