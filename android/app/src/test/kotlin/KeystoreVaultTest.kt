package tandem.platform

import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import kotlinx.coroutines.runBlocking
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import tandem.bindings.KeyVaultException
import java.io.File
import java.security.UnrecoverableKeyException
import kotlin.test.assertContentEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNull

@RunWith(RobolectricTestRunner::class)
class KeystoreVaultTest {
    @get:Rule val folder = TemporaryFolder()

    private val key = ByteArray(32) { it.toByte() }
    private val other = ByteArray(32) { 7 }
    private val file by lazy { File(folder.root, "key") }

    @Before fun begin() = FakeKeystore.install()

    @Test fun `a key is kept, sealed, until another takes its place or it is taken out`() {
        val vault = KeystoreVault(file)
        assertNull(vault.load())
        vault.create(key)
        assertContentEquals(key, KeystoreVault(file).load())
        assertFalse(file.readBytes().toList().windowed(key.size).any { it == key.toList() }, "it stands there in clear")
        assertFailsWith<KeyVaultException.Taken> { vault.create(other) }
        vault.replace(other)
        assertContentEquals(other, KeystoreVault(file).load())
        vault.delete()
        vault.delete()
        assertNull(vault.load())
        vault.create(key)
        assertContentEquals(key, vault.load())
    }

    @Test fun `what is not what was put in is damaged and never a wrong key`() {
        val vault = KeystoreVault(file)
        vault.create(key)
        val whole = file.readBytes()
        for (at in whole.indices) {
            file.writeBytes(whole.copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() })
            assertFailsWith<KeyVaultException.Damaged>("byte $at") { vault.load() }
        }
        for (length in listOf(0, 1, 12, 13, 20, whole.size - 1)) {
            file.writeBytes(whole.copyOf(length))
            assertFailsWith<KeyVaultException.Damaged>("cut off after $length") { vault.load() }
        }
        file.writeBytes(whole)
        FakeKeystore.keys.clear()
        assertFailsWith<KeyVaultException.Damaged> { vault.load() }
    }

    @Test fun `what the phone says is what a person can do about it`() {
        val vault = KeystoreVault(file)
        vault.create(key)
        FakeKeystore.refuses = { UserNotAuthenticatedException() }
        assertFailsWith<KeyVaultException.Locked> { vault.load() }
        FakeKeystore.refuses = { KeyPermanentlyInvalidatedException() }
        assertFailsWith<KeyVaultException.Damaged> { vault.load() }
        FakeKeystore.refuses = { UnrecoverableKeyException() }
        assertFailsWith<KeyVaultException.Failed> { vault.load() }
        FakeKeystore.refuses = null
        assertContentEquals(key, vault.load())
    }

    @Test fun `a folder that is gone keeps nothing and says so`() =
        runBlocking {
            val vault = KeystoreVault(File(folder.root, "nowhere/key"))
            assertFailsWith<KeyVaultException.Failed> { vault.create(key) }
            assertNull(vault.load())
        }
}
