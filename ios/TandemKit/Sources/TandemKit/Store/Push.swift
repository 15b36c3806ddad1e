import Foundation

/// A push as the system hands it over.
public enum Push {
    /// Its bytes for the library, which believes none of them. What is no JSON is nothing.
    public static func bytes(_ payload: [AnyHashable: Any]) -> Data {
        guard let object = payload as? [String: Any], JSONSerialization.isValidJSONObject(object) else {
            return Data()
        }
        return (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }
}
