package tandem.platform

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import tandem.bindings.Notifications
import tandem.engine.ThreadId
import tandem.words.Note
import tandem.words.Phrase

/** Shows what is new in a thread: that there is something, and from whom; never what was said. */
class PhoneNotes(
    private val context: Context,
    private val icon: Int,
    private val channelName: () -> String,
    private val say: (Phrase) -> String,
    /** What opens a thread. */
    private val opens: (ThreadId) -> Intent,
) : Notifications {
    private val manager = context.getSystemService(NotificationManager::class.java)

    override fun show(note: Note) {
        // Made again each time: that changes nothing but its name, in the language of now.
        val channel = NotificationChannel(CHANNEL, channelName(), NotificationManager.IMPORTANCE_DEFAULT)
        channel.setShowBadge(false)
        manager?.createNotificationChannel(channel)
        manager?.notify(note.thread, ID, notification(note))
    }

    override fun withdraw(thread: ThreadId) {
        manager?.cancel(thread, ID)
    }

    private fun notification(note: Note): Notification {
        val flags = PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT
        val tap = PendingIntent.getActivity(context, note.thread.hashCode(), opens(note.thread), flags)
        return Notification
            .Builder(context, CHANNEL)
            .setContentText(say(note.said))
            .setSmallIcon(icon)
            .setContentIntent(tap)
            .setAutoCancel(true)
            .setOnlyAlertOnce(true)
            .setCategory(Notification.CATEGORY_MESSAGE)
            .setVisibility(Notification.VISIBILITY_PRIVATE)
            .build()
    }

    companion object {
        const val CHANNEL = "new"

        /** A thread has one note; its tag tells it from the others'. */
        const val ID = 1
    }
}
