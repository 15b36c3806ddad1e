package tandem

import tandem.bindings.KeyVault
import tandem.bindings.KeyVaultException
import tandem.bindings.Tandem
import tandem.bindings.createHome
import tandem.engine.Profile
import tandem.engine.Role
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.deleteRecursively

/** A vault as a phone has one: it can be locked, and fail in ways of its own. */
class MemoryVault : KeyVault {
    @Volatile private var key: ByteArray? = null

    @Volatile var locked = false

    @Volatile var throws: (() -> Nothing)? = null

    private fun open() {
        throws?.invoke()
        if (locked) throw KeyVaultException.Locked()
    }

    override fun load(): ByteArray? {
        open()
        return key
    }

    override fun create(key: ByteArray) {
        open()
        if (this.key != null) throw KeyVaultException.Taken()
        this.key = key
    }

    override fun replace(key: ByteArray) {
        open()
        this.key = key
    }

    override fun delete() {
        open()
        key = null
    }
}

/** A person's phone: a home in a folder of its own. */
class Phone(folder: Path, val vault: MemoryVault = MemoryVault()) {
    val folder: String = folder.toString()

    suspend fun make(name: String, role: Role, relay: String) = createHome(folder, Profile(name, role, relay), vault)

    suspend fun open(): Tandem = Tandem.open(folder, vault)
}

/** A folder with a relay in it, which is a process of its own, and with phones. */
class School : AutoCloseable {
    val folder: Path = Files.createTempDirectory("tandem-kotlin")
    private val relayLog = folder.resolve("relay.log").toFile()
    private var process: Process = start("127.0.0.1:0")
    val relay: String = said("link")
    private val listen: String = said("listen")

    private fun start(listen: String): Process {
        val data = folder.resolve("relay").toString()
        val bin = checkNotNull(System.getProperty("tandem.bin")) { "cargo xtask kotlin says where tandem is" }
        relayLog.delete()
        val command = ProcessBuilder(bin, "relay", "run", "--json", "--listen", listen, "--data", data)
        return command.redirectOutput(relayLog).redirectError(ProcessBuilder.Redirect.DISCARD).start()
    }

    private fun said(field: String): String {
        val end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60)
        while (System.nanoTime() < end) {
            val line = if (relayLog.exists()) relayLog.readText() else ""
            if (line.endsWith("\n")) {
                return Regex("\"$field\":\"([^\"]+)\"").find(line)!!.groupValues[1]
            }
            Thread.sleep(20)
        }
        error("the relay does not say where it is")
    }

    fun phone(name: String) = Phone(folder.resolve(name))

    fun relayStops() {
        process.destroyForcibly().waitFor()
    }

    fun relayStarts() {
        process = start(listen)
        said("link")
    }

    @OptIn(ExperimentalPathApi::class)
    override fun close() {
        relayStops()
        folder.deleteRecursively()
    }
}
