package tandem.app

import android.Manifest
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.provider.Settings
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.window.Dialog
import androidx.compose.ui.window.DialogProperties
import androidx.lifecycle.compose.LifecycleResumeEffect
import tandem.models.ScanModel
import tandem.screens.ScanAction
import tandem.screens.Sight
import tandem.ui.scan.ScanScreen

/** Over everything, the camera looks for a link; `found` once there is one. */
@Composable
internal fun Scanning(found: (String) -> Unit, away: () -> Unit, picture: () -> Unit, start: (Intent) -> Unit) {
    val context = LocalContext.current
    val scope = rememberCoroutineScope()
    val model = remember { ScanModel(scope) }
    val state by model.state.collectAsState()
    val asks = rememberLauncherForActivityResult(RequestPermission()) { model.act(ScanAction.Asked(it)) }
    LaunchedEffect(Unit) { if (!context.mayLook()) asks.launch(Manifest.permission.CAMERA) }
    // Who was in the phone's settings meanwhile may have allowed it there.
    LifecycleResumeEffect(Unit) {
        if (context.mayLook() && model.state.value.sight != Sight.LOOKING) model.act(ScanAction.Asked(true))
        onPauseOrDispose {}
    }
    LaunchedEffect(state.found) { state.found?.let(found) }
    // A window of its own: what lies under it stays as it is, and is not read out.
    Dialog(away, DialogProperties(usePlatformDefaultWidth = false, decorFitsSystemWindows = false)) {
        ScanScreen(state, away, picture, { start(settings(context)) }) { Viewfinder(model::act) }
    }
}

private fun Context.mayLook() = checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED

/** Where a phone's owner says what this app may. */
private fun settings(context: Context) =
    Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", context.packageName, null))
