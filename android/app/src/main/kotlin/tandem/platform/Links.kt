package tandem.platform

import android.content.Intent
import tandem.engine.ThreadId

/** A link that was tapped, or text that another app shares; what it says is looked at by the engine. */
fun linkOf(intent: Intent): String? =
    when (intent.action) {
        Intent.ACTION_VIEW -> intent.dataString
        Intent.ACTION_SEND -> intent.getStringExtra(Intent.EXTRA_TEXT)
        else -> null
    }?.take(MOST)

/** The thread that a notification is of. */
fun threadOf(intent: Intent): ThreadId? = intent.getStringExtra(THREAD)

/** Has an intent open a thread. */
fun Intent.opening(thread: ThreadId): Intent = putExtra(THREAD, thread)

private const val THREAD = "thread"

/** More than any link has: what is longer is none, however long it is. */
private const val MOST = 4096
