import Network
import TandemKit

/// Tells the home how the way to the network changes. Changes that follow each other closely are one.
@MainActor final class PathMonitor {
    private static let settles = Duration.milliseconds(300)

    private let home: Home
    private let monitor = NWPathMonitor()
    private var telling: Task<Void, Never>?

    init(home: Home) { self.home = home }

    func start() {
        monitor.pathUpdateHandler = { [weak self] path in
            let here = NetworkPath(
                online: path.status == .satisfied, expensive: path.isExpensive,
                constrained: path.isConstrained)
            Task { @MainActor in self?.changed(to: here) }
        }
        monitor.start(queue: .main)
    }

    private func changed(to path: NetworkPath) {
        telling?.cancel()
        telling = Task {
            try? await Task.sleep(for: Self.settles)
            if !Task.isCancelled { home.pathChanged(path) }
        }
    }
}
