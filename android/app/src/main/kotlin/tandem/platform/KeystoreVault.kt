package tandem.platform

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import tandem.bindings.KeyVault
import tandem.bindings.KeyVaultException
import java.io.File
import java.io.FileNotFoundException
import java.io.FileOutputStream
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The one key of a home, in a file that only a key of the Keystore opens, which never leaves the phone's chip.
 *
 * The file belongs where no backup takes it: on another phone nothing could open it.
 */
class KeystoreVault(private val file: File, private val alias: String = "tandem") : KeyVault {
    override fun load(): ByteArray? = told { sealed()?.let(::opened) }

    override fun create(key: ByteArray) =
        told {
            if (file.exists()) throw KeyVaultException.Taken()
            write(sealedOf(key))
        }

    override fun replace(key: ByteArray) = told { write(sealedOf(key)) }

    override fun delete() =
        told {
            if (!file.delete() && file.exists()) throw IOException(file.name)
            keys().deleteEntry(alias)
        }

    private fun sealed(): ByteArray? =
        try {
            file.readBytes()
        } catch (_: FileNotFoundException) {
            null
        }

    private fun sealedOf(key: ByteArray): ByteArray =
        Cipher.getInstance(CIPHER).run {
            init(Cipher.ENCRYPT_MODE, keystoreKey() ?: newKeystoreKey())
            byteArrayOf(VERSION) + iv + doFinal(key)
        }

    private fun opened(sealed: ByteArray): ByteArray {
        if (sealed.size <= BEGIN || sealed[0] != VERSION) throw KeyVaultException.Damaged()
        // The file is here and the key that opens it is not: it came from another phone, or the Keystore was emptied.
        val key = keystoreKey() ?: throw KeyVaultException.Damaged()
        return Cipher.getInstance(CIPHER).run {
            init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 1, IV))
            doFinal(sealed, BEGIN, sealed.size - BEGIN)
        }
    }

    /** Durable when it returns; all or nothing. */
    private fun write(sealed: ByteArray) {
        val half = File(file.path + HALF)
        FileOutputStream(half).use {
            it.write(sealed)
            it.fd.sync()
        }
        if (!half.renameTo(file)) throw IOException(file.name)
    }

    private fun keys(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }

    private fun keystoreKey(): SecretKey? = keys().getKey(alias, null) as SecretKey?

    private fun newKeystoreKey(): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE).run {
            val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
            init(
                KeyGenParameterSpec
                    .Builder(alias, purposes)
                    .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                    .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                    .setKeySize(KEY_BITS)
                    .build(),
            )
            generateKey()
        }

    /** What a phone's Keystore says, as what a person can do about it. */
    private fun <T> told(work: () -> T): T =
        try {
            work()
        } catch (_: UserNotAuthenticatedException) {
            throw KeyVaultException.Locked()
        } catch (_: KeyPermanentlyInvalidatedException) {
            throw KeyVaultException.Damaged()
        } catch (_: AEADBadTagException) {
            throw KeyVaultException.Damaged()
        } catch (failed: GeneralSecurityException) {
            throw KeyVaultException.Failed(failed.toString())
        } catch (failed: IOException) {
            throw KeyVaultException.Failed(failed.toString())
        }

    private companion object {
        const val KEYSTORE = "AndroidKeyStore"
        const val CIPHER = "AES/GCM/NoPadding"
        const val HALF = ".half"
        const val VERSION: Byte = 1
        const val IV = 12
        const val BEGIN = 1 + IV
        const val TAG_BITS = 128
        const val KEY_BITS = 256
    }
}
