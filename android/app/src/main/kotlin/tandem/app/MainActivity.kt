package tandem.app

import android.Manifest
import android.content.ActivityNotFoundException
import android.content.ClipData
import android.content.ClipboardManager
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import android.provider.Settings
import androidx.activity.ComponentActivity
import androidx.activity.compose.BackHandler
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia.ImageOnly
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.lifecycle.lifecycleScope
import androidx.lifecycle.withResumed
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.getAndUpdate
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import tandem.Outcome
import tandem.platform.linkOf
import tandem.platform.threadOf
import tandem.screens.Place
import tandem.ui.app.Begin
import tandem.ui.app.Shown
import tandem.ui.app.Way
import tandem.ui.parts.Outside
import tandem.ui.shut.ShutScreen
import tandem.ui.theme.TandemTheme

/** The one activity: what is shown, and what only a platform can do for it. */
class MainActivity : ComponentActivity() {
    private val app get() = application as TandemApp
    private val way = MutableStateFlow(Way())
    private val link = MutableStateFlow<String?>(null)

    /** Who waits for a code, while one is looked for. */
    private val scanning = MutableStateFlow<((String?) -> Unit)?>(null)
    private val picks =
        registerForActivityResult(PickVisualMedia()) { picture ->
            if (picture != null) lifecycleScope.launch { found(withContext(Dispatchers.Default) { codeIn(picture, contentResolver) }) }
        }

    private val asks = registerForActivityResult(RequestPermission()) {}

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        if (savedInstanceState == null) follow(intent)
        lifecycleScope.launch {
            // Without a home there is nothing that a note could tell of.
            app.opened.first { it is Outcome.Done }
            withResumed { if (asksForNotes()) asks.launch(Manifest.permission.POST_NOTIFICATIONS) }
        }
        setContent { TandemTheme(app.say(), motion = moves()) { Content() } }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        follow(intent)
    }

    @Composable
    private fun Content() {
        val opened by app.opened.collectAsState()
        val at by way.collectAsState()
        val tapped by link.collectAsState()
        val scans by scanning.collectAsState()
        val store = (opened as? Outcome.Done)?.value
        val closed = (opened as? Outcome.Not)?.why
        BackHandler(at.canGoBack) { way.update { it.back() } }
        when {
            store != null -> key(at.here) { Shown(at.here, store, app.drafts, outside) }
            closed != null && closed.code != NO_HOME -> ShutScreen(closed) { lifecycleScope.launch { app.open() } }
            opened != null -> key(tapped) { Begin(app.home, tapped, outside) }
        }
        if (scans != null) Scanning(::found, { scanning.value = null }, { picks.launch(PickVisualMediaRequest(ImageOnly)) }, ::start)
    }

    private fun follow(intent: Intent) {
        threadOf(intent)?.let { go(Place.Thread(it)) }
        linkOf(intent)?.let {
            link.value = it
            go(Place.Join(it))
        }
    }

    private fun go(place: Place) {
        way.update { it.to(place) }
        lifecycleScope.launch { app.open() }
    }

    private val outside =
        Outside(
            go = ::go,
            back = { way.update { it.back() } },
            copy = { getSystemService(ClipboardManager::class.java)?.setPrimaryClip(ClipData.newPlainText(null, it)) },
            share = { start(Intent.createChooser(Intent(Intent.ACTION_SEND).setType(TEXT).putExtra(Intent.EXTRA_TEXT, it), null)) },
            scan = { scanning.value = it },
            update = { start(Intent(Intent.ACTION_VIEW, Uri.parse("market://details?id=$packageName"))) },
        )

    private fun found(code: String?) = scanning.getAndUpdate { null }?.invoke(code)

    private fun start(intent: Intent) =
        try {
            startActivity(intent)
        } catch (_: ActivityNotFoundException) {
            // There is no such app on this phone, and nothing was lost.
        }

    private fun moves() = Settings.Global.getFloat(contentResolver, Settings.Global.ANIMATOR_DURATION_SCALE, 1f) > 0f

    private companion object {
        /** That there is no home yet, as the engine calls it. */
        const val NO_HOME = "no_home"

        const val TEXT = "text/plain"
    }
}
