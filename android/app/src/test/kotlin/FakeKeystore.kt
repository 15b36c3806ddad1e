package tandem.platform

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.concurrent.ConcurrentHashMap
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** Robolectric has no Keystore: this one keeps keys in memory, looks at what is asked of it, and can refuse. */
object FakeKeystore {
    val keys = ConcurrentHashMap<String, SecretKey>()

    @Volatile var refuses: (() -> Exception)? = null

    fun install() {
        keys.clear()
        refuses = null
        Security.removeProvider(NAME)
        Security.addProvider(Fake())
    }

    private const val NAME = "AndroidKeyStore"

    private class Fake : Provider(NAME, "1.0", NAME) {
        init {
            put("KeyStore.$NAME", Store::class.java.name)
            put("KeyGenerator.AES", Generator::class.java.name)
        }
    }

    class Generator : KeyGeneratorSpi() {
        private lateinit var spec: KeyGenParameterSpec

        override fun engineInit(random: SecureRandom?) = error("a spec is needed")

        override fun engineInit(keysize: Int, random: SecureRandom?) = error("a spec is needed")

        override fun engineInit(params: AlgorithmParameterSpec?, random: SecureRandom?) {
            spec = params as KeyGenParameterSpec
            require("GCM" in spec.blockModes && "NoPadding" in spec.encryptionPaddings && spec.keySize == 256)
        }

        override fun engineGenerateKey(): SecretKey {
            val bytes = ByteArray(spec.keySize / 8).also { SecureRandom().nextBytes(it) }
            return SecretKeySpec(bytes, "AES").also { keys[spec.keystoreAlias] = it }
        }
    }

    class Store : KeyStoreSpi() {
        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            refuses?.let { throw it() }
            return keys[alias]
        }

        override fun engineContainsAlias(alias: String) = keys.containsKey(alias)

        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineAliases() = Collections.enumeration(keys.keys)

        override fun engineSize() = keys.size

        override fun engineIsKeyEntry(alias: String) = keys.containsKey(alias)

        override fun engineIsCertificateEntry(alias: String) = false

        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit

        override fun engineStore(stream: OutputStream?, password: CharArray?) = Unit

        override fun engineGetCertificate(alias: String): Certificate? = null

        override fun engineGetCertificateAlias(cert: Certificate?): String? = null

        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

        override fun engineGetCreationDate(alias: String): Date? = null

        override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<out Certificate>?) = Unit

        override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<out Certificate>?) = Unit

        override fun engineSetCertificateEntry(alias: String, cert: Certificate?) = Unit
    }
}
