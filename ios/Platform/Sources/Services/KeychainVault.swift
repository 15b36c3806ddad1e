import Foundation
import Security
import TandemKit

/// The home's key in the Keychain: there after the first unlocking, on this phone only, in no backup.
final class KeychainVault: KeyVault, Sendable {
    private let service: String
    private let account: String

    init(service: String = "tandem.home", account: String = "root-key") {
        (self.service, self.account) = (service, account)
    }

    func load() throws -> Data? {
        var query = self.query
        query[kSecReturnData] = true
        query[kSecMatchLimit] = kSecMatchLimitOne
        var found: CFTypeRef?
        let status = SecItemCopyMatching(query as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        try check(status)
        guard let key = found as? Data else { throw KeyVaultError.Damaged }
        return key
    }

    func create(key: Data) throws {
        let status = SecItemAdd(adding(key) as CFDictionary, nil)
        if status == errSecDuplicateItem { throw KeyVaultError.Taken }
        try check(status)
    }

    /// The Keychain changes an item as a whole or not at all.
    func replace(key: Data) throws {
        let status = SecItemUpdate(query as CFDictionary, [kSecValueData: key] as CFDictionary)
        if status == errSecItemNotFound { return try check(SecItemAdd(adding(key) as CFDictionary, nil)) }
        try check(status)
    }

    func delete() throws {
        let status = SecItemDelete(query as CFDictionary)
        if status != errSecItemNotFound { try check(status) }
    }

    private var query: [CFString: Any] {
        [
            kSecClass: kSecClassGenericPassword, kSecAttrService: service, kSecAttrAccount: account,
            kSecUseDataProtectionKeychain: true,
        ]
    }

    private func adding(_ key: Data) -> [CFString: Any] {
        var item = query
        item[kSecValueData] = key
        item[kSecAttrAccessible] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        return item
    }

    private func check(_ status: OSStatus) throws {
        switch status {
        case errSecSuccess: return
        case errSecInteractionNotAllowed: throw KeyVaultError.Locked
        case errSecDecode: throw KeyVaultError.Damaged
        default:
            let reason = SecCopyErrorMessageString(status, nil) as String? ?? "OSStatus \(status)"
            throw KeyVaultError.Failed(reason: reason)
        }
    }
}
