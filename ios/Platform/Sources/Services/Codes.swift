import CoreImage
import CoreImage.CIFilterBuiltins
import UIKit

/// QR codes, made and read.
enum Codes {
    private static let context = CIContext()

    /// A text as a code; nil when it is too long for one.
    static func make(_ text: String) -> CGImage? {
        let filter = CIFilter.qrCodeGenerator()
        filter.message = Data(text.utf8)
        filter.correctionLevel = "M"
        guard let image = filter.outputImage else { return nil }
        return context.createCGImage(image, from: image.extent)
    }

    /// The text of the code in an image; nil when there is none.
    static func read(_ data: Data) -> String? {
        guard let image = CIImage(data: data) else { return nil }
        let detector = CIDetector(ofType: CIDetectorTypeQRCode, context: context)
        return detector?.features(in: image).lazy.compactMap { ($0 as? CIQRCodeFeature)?.messageString }.first
    }
}
