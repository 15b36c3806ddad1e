package tandem.ui.app

import tandem.screens.Place

/** The way by which somebody came to where they are; back leads along it. */
data class Way(val places: List<Place> = listOf(Place.Inbox)) {
    val here: Place get() = places.last()

    val canGoBack: Boolean get() = places.size > 1

    /**
     * To a place; to one that was passed already, the way leads back to it. Who has written does not come back to it, and
     * of links only the last is there.
     */
    fun to(place: Place): Way {
        val passed = places.indexOf(place)
        val kept = if (passed >= 0) places.take(passed) else places.filterNot { it.isOverAt(place) }
        return Way((if (place == Place.Inbox) emptyList() else kept) + place)
    }

    fun back(): Way = if (canGoBack) Way(places.dropLast(1)) else this
}

private fun Place.isOverAt(place: Place) =
    when (this) {
        is Place.Compose -> place is Place.Thread
        is Place.Join -> place is Place.Join
        else -> false
    }
