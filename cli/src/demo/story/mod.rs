//! The story, one chapter a file.

mod crashes;
mod founding;
mod home_again;
mod lost;
mod morning;
mod ridge;
mod tablet;
mod valley;

use super::trip::Trip;
use crate::error::Failure;

/// Plays it to its end.
pub(super) async fn play(trip: &mut Trip) -> Result<(), Failure> {
    founding::play(trip).await?;
    morning::play(trip).await?;
    tablet::comes(trip).await?;
    valley::play(trip).await?;
    crashes::play(trip).await?;
    ridge::play(trip).await?;
    home_again::play(trip).await?;
    tablet::goes(trip).await?;
    lost::play(trip).await
}
