package tandem.ui.app

import org.junit.Test
import tandem.screens.Place
import kotlin.test.assertEquals
import kotlin.test.assertFalse

class WayTest {
    private val maya = Place.Thread("maya")

    @Test fun `back leads along the way and ends at the inbox`() {
        val way = Way().to(maya).to(Place.Members("maya"))
        assertEquals(listOf(Place.Inbox, maya), way.back().places)
        assertEquals(Way(), way.back().back().back())
        assertFalse(Way().canGoBack)
        assertEquals(Way(), way.to(Place.Inbox))
    }

    @Test fun `a place that was passed is come back to`() {
        val way = Way().to(maya).to(Place.Compose("maya")).to(Place.Members("maya"))
        assertEquals(Place.Compose("maya"), way.back().here, "who looks up the readers goes on writing")
        assertEquals(listOf(Place.Inbox, maya), way.to(maya).places)
    }

    @Test fun `who has written does not come back to it`() {
        assertEquals(listOf(Place.Inbox, maya), Way().to(Place.Compose("maya")).to(maya).places)
    }

    @Test fun `of links only the last is on the way`() {
        val tapped = Place.Join("tandem://join/one")
        assertEquals(listOf(Place.Inbox, Place.Join()), Way().to(tapped).to(Place.Join()).places)
        assertEquals(listOf(Place.Inbox, tapped), Way().to(Place.Join()).to(tapped).places)
    }
}
