package tandem.platform

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import tandem.bindings.NetworkPath

/** The phone's way to the network, as it changes. Another network of the same kind is a change, too. */
fun networkPaths(context: Context): Flow<NetworkPath> =
    callbackFlow {
        val manager = context.getSystemService(ConnectivityManager::class.java)
        val callback =
            object : ConnectivityManager.NetworkCallback() {
                override fun onCapabilitiesChanged(network: Network, can: NetworkCapabilities) {
                    trySend(network to path(can))
                }

                override fun onLost(network: Network) {
                    trySend(network to NONE)
                }
            }
        manager?.registerDefaultNetworkCallback(callback)
        awaitClose { manager?.unregisterNetworkCallback(callback) }
    }.distinctUntilChanged().map { it.second }.conflate()

private val NONE = NetworkPath(online = false, expensive = false, constrained = false)

private fun path(can: NetworkCapabilities) =
    NetworkPath(
        online = can.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET),
        expensive = !can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED),
        constrained = !can.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_RESTRICTED),
    )
