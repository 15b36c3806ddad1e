import AVFoundation
import UIKit

/// The camera and what it shows, until `seen` says that it was a link; `missing` is told that there is none.
final class CameraController: UIViewController, AVCaptureMetadataOutputObjectsDelegate {
    private let seen: @MainActor (String) -> Bool
    private let missing: @MainActor () -> Void
    private let session = AVCaptureSession()
    private let queue = DispatchQueue(label: "tandem.camera")
    private var layer: AVCaptureVideoPreviewLayer?
    private var isDone = false

    init(seen: @escaping @MainActor (String) -> Bool, missing: @escaping @MainActor () -> Void) {
        (self.seen, self.missing) = (seen, missing)
        super.init(nibName: nil, bundle: nil)
    }

    @available(*, unavailable) required init?(coder: NSCoder) { fatalError("made in code only") }

    override func viewDidLoad() {
        super.viewDidLoad()
        guard let camera = AVCaptureDevice.default(for: .video),
            let input = try? AVCaptureDeviceInput(device: camera), session.canAddInput(input)
        else { return giveUp() }
        session.addInput(input)
        let output = AVCaptureMetadataOutput()
        guard session.canAddOutput(output) else { return giveUp() }
        session.addOutput(output)
        output.setMetadataObjectsDelegate(self, queue: .main)
        output.metadataObjectTypes = [.qr]
        let layer = AVCaptureVideoPreviewLayer(session: session)
        layer.videoGravity = .resizeAspectFill
        view.layer.addSublayer(layer)
        self.layer = layer
    }

    private func giveUp() {
        // Not while the view is being made: it is told in its next turn.
        Task { missing() }
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
            isDone = seen(text)
        }
    }
}
