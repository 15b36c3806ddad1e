package tandem.app

import android.app.Activity
import android.app.Application
import android.content.Intent
import android.os.Bundle
import android.text.format.DateFormat
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.launch
import tandem.Drafts
import tandem.FolderDrafts
import tandem.Home
import tandem.Outcome
import tandem.TandemStore
import tandem.platform.KeystoreVault
import tandem.platform.Looks
import tandem.platform.PhoneNotes
import tandem.platform.SyncJob
import tandem.platform.Wakefulness
import tandem.platform.networkPaths
import tandem.platform.opening
import tandem.ui.words.Clock
import tandem.ui.words.Say
import java.io.File
import java.time.Instant
import java.time.ZoneId

/** The app: one home, its drafts, and what the phone tells about itself. */
class TandemApp : Application(), Looks {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Main.immediate)

    // Neither of these folders is taken by a backup: on another phone nothing could open what is in them.
    val home by lazy { Home(File(noBackupFilesDir, "home").path, KeystoreVault(File(noBackupFilesDir, "key")), scope) }
    val drafts by lazy { Drafts(FolderDrafts(File(noBackupFilesDir, "drafts").toPath()), scope) }
    private val wakefulness by lazy { Wakefulness(home, scope) }

    /** The open home: null until it is, or while there is none. */
    val opened = MutableStateFlow<Outcome<TandemStore>?>(null)

    override fun onCreate() {
        super.onCreate()
        registerActivityLifecycleCallbacks(Seen())
        scope.launch { open() }
    }

    /** Opens the home, if there is one, and has the phone tell of what it knows. */
    suspend fun open() {
        val outcome = home.open()
        val first = (opened.value as? Outcome.Done) == null
        opened.value = outcome
        val store = (outcome as? Outcome.Done)?.value ?: return
        if (!first) return
        wakefulness.opens()
        SyncJob.plan(this)
        store.notify(notes())
        scope.launch { networkPaths(this@TandemApp).collect(store::networkChanged) }
    }

    override suspend fun look(): Boolean = wakefulness.look()

    /** How things are said now: in the language, zone and hours of the phone. */
    fun say(): Say {
        val locale = resources.configuration.locales[0]
        val clock = Clock({ Instant.now() }, ZoneId.systemDefault(), locale, DateFormat.is24HourFormat(this))
        return Say(AndroidStrings(resources), clock)
    }

    private fun notes() =
        PhoneNotes(this, R.drawable.note, { say()("inbox.title") }, { say()(it) }) { thread ->
            Intent(this, MainActivity::class.java).opening(thread)
        }

    private inner class Seen : ActivityLifecycleCallbacks {
        override fun onActivityStarted(activity: Activity) = wakefulness.appears()

        override fun onActivityStopped(activity: Activity) = wakefulness.disappears()

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

        override fun onActivityResumed(activity: Activity) = Unit

        override fun onActivityPaused(activity: Activity) = Unit

        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

        override fun onActivityDestroyed(activity: Activity) = Unit
    }
}
