package tandem

import tandem.engine.ThreadId
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardCopyOption.REPLACE_EXISTING
import kotlin.io.path.deleteIfExists
import kotlin.io.path.fileSize
import kotlin.io.path.inputStream
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.name
import kotlin.io.path.nameWithoutExtension

/** Drafts as small files of a folder, one for each thread. */
class FolderDrafts(private val folder: Path) : DraftFiles {
    override fun threads(): Set<ThreadId> =
        try {
            folder.listDirectoryEntries("*$ENDING").map { it.nameWithoutExtension }.toSet()
        } catch (_: IOException) {
            emptySet()
        }

    override fun read(thread: ThreadId): Draft? =
        try {
            val file = file(thread)
            DataInputStream(file.inputStream().buffered()).use { it.draft(file.fileSize()) }
        } catch (_: NoSuchFileException) {
            null
        } catch (_: IOException) {
            null
        }

    override fun write(thread: ThreadId, draft: Draft) {
        Files.createDirectories(folder)
        val half = Files.createTempFile(folder, HALF, null)
        try {
            java.io.FileOutputStream(half.toFile()).use { file ->
                val out = DataOutputStream(file.buffered())
                out.draft(draft)
                out.flush()
                file.fd.sync()
            }
            Files.move(half, file(thread), ATOMIC_MOVE, REPLACE_EXISTING)
        } finally {
            half.deleteIfExists()
        }
    }

    override fun delete(thread: ThreadId) {
        file(thread).deleteIfExists()
    }

    private fun file(thread: ThreadId): Path {
        val file = folder.resolve(thread + ENDING)
        // An id is letters and digits; whatever else came here may not leave the folder.
        if (file.name != thread + ENDING) throw IOException(thread)
        return file
    }

    private companion object {
        const val ENDING = ".draft"
        const val HALF = "half"
    }
}

private const val VERSION = 1
private const val NONE = -1

private fun DataOutputStream.draft(draft: Draft) {
    writeByte(VERSION)
    text(draft.kind)
    text(draft.answers)
    writeInt(draft.sendingAfter ?: NONE)
    writeInt(draft.fields.size)
    for ((name, words) in draft.fields) {
        text(name)
        text(words)
    }
}

private fun DataOutputStream.text(text: String?) {
    val bytes = text?.encodeToByteArray()
    writeInt(bytes?.size ?: NONE)
    if (bytes != null) write(bytes)
}

private fun DataInputStream.draft(size: Long): Draft? {
    if (readByte().toInt() != VERSION) return null
    val kind = text(size) ?: return null
    val answers = text(size)
    val sendingAfter = readInt().takeIf { it >= 0 }
    val fields = LinkedHashMap<String, String>()
    repeat(readInt()) { fields[text(size) ?: return null] = text(size) ?: return null }
    return Draft(kind, fields, answers, sendingAfter)
}

/** What says that it is longer than the file is believed in nothing. */
private fun DataInputStream.text(size: Long): String? {
    val bytes = readInt()
    if (bytes == NONE) return null
    if (bytes < 0 || bytes > size) throw IOException()
    return ByteArray(bytes).also { readFully(it) }.decodeToString()
}
