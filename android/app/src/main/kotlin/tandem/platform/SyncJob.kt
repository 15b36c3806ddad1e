package tandem.platform

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/** What an app has that looks for what is new when the system lets it. */
interface Looks {
    /** False when it is worth trying again. */
    suspend fun look(): Boolean
}

/** Looks for what is new in the background: now and then, when there is a network. */
class SyncJob : JobService() {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private var work: Job? = null

    override fun onStartJob(params: JobParameters): Boolean {
        val app = application as? Looks ?: return false
        work =
            scope.launch {
                val looked = app.look()
                jobFinished(params, !looked)
            }
        return true
    }

    /** The system wants its time back: what was begun is given up, and nothing is lost. */
    override fun onStopJob(params: JobParameters): Boolean {
        work?.cancel()
        return true
    }

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    companion object {
        private const val NOW_AND_THEN = 1
        private const val AT_ONCE = 2
        private const val EVERY_MS = 15 * 60_000L

        /** From now on, every quarter of an hour at the most; also after the phone was started anew. */
        fun plan(context: Context): Boolean =
            schedule(context, NOW_AND_THEN) { setPeriodic(EVERY_MS).setPersisted(true) }

        /** Once, as soon as there is a network: a push woke the phone. */
        fun soon(context: Context): Boolean = schedule(context, AT_ONCE) { this }

        private fun schedule(context: Context, id: Int, how: JobInfo.Builder.() -> JobInfo.Builder): Boolean {
            val job = JobInfo.Builder(id, ComponentName(context, SyncJob::class.java))
            val info = job.setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY).how().build()
            val scheduler = context.getSystemService(JobScheduler::class.java)
            return scheduler?.schedule(info) == JobScheduler.RESULT_SUCCESS
        }
    }
}
