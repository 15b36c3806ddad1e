//! What people say.

/// From the valley, to each family about its child.
pub(super) const FROM_THE_VALLEY: [&str; 6] = [
    "{child} crossed the stream on the stones without help and is proud of it. Wet socks, dry spirits.",
    "{child} found two frogs, counted their fingers and has been explaining amphibians ever since.",
    "{child} carried the map this afternoon and brought us to the hut before the rain.",
    "{child} slept badly, rested after breakfast and was first in line for the climbing wall.",
    "{child} shared the last sandwich with a younger group. We wanted you to know that.",
    "{child} is tired and content. The blister is dressed; please look at it on Friday evening.",
];

/// Before leaving, to all.
pub(super) const BEFORE: &str =
    "We leave at eight on Wednesday from the north gate. {child} needs rain clothes and a spoon.";

/// From home, before leaving.
pub(super) const FROM_HOME: [&str; 5] = [
    "Thank you. {child} has been talking about nothing else for a fortnight.",
    "We packed everything on the list. The medicine for {child} is in the left side pocket.",
    "{child} is a little anxious about the nights. A word before bedtime helps.",
    "All clear. My neighbour will collect {child} on Friday, she has a letter from me.",
    "{child} may join the climbing. The signed paper is in the outer pocket of the rucksack.",
];

/// From home, while the group is in the valley.
pub(super) const MEANWHILE: [&str; 5] = [
    "No need to answer: the cat misses {child} and sleeps on the empty bed.",
    "Please tell {child} that grandmother arrived safely and stays until Sunday.",
    "The forecast says thunder for Thursday. Is there a shelter near the upper hut?",
    "We found the torch behind the sofa. {child} will have to borrow one, sorry.",
    "Friday pickup works for us. We bring the folding table for the farewell.",
];

/// A concern from home: it needs no way forward.
pub(super) const WORRY: &str =
    "{child} comes home exhausted after swimming and cannot finish homework on those evenings.";

/// A concern from school, and the way forward without which it can't be said.
pub(super) const NOTICED: &str =
    "{child} leaves the circle when several children speak at once, three mornings this week.";
pub(super) const WAY_FORWARD: &str = "A seat beside the door and a card to ask for quiet; we look at it together after the holidays.";

/// A step that home does, and one that school does.
pub(super) const AT_HOME: &str = "Pack rain clothes, label the bottle, talk through the timetable.";
pub(super) const AT_SCHOOL: &str = "Prepare picture cards for the evening routine in the hut.";

/// From the specialist's tent.
pub(super) const SUPPORT: &str =
    "The picture cards work: {child} went to bed by them without a single reminder.";

/// Written while the relay is away, and on the phone whose process is killed.
pub(super) const LATE: [&str; 4] = [
    "One more thing: {child} may telephone home at seven if that is allowed.",
    "The insurance number is written inside the cover of the yellow booklet.",
    "Nobody needs to hurry with an answer, Saturday is early enough.",
    "Could somebody check whether {child} still has the second blanket?",
];

/// To all, when the teacher's old tablet is out.
pub(super) const AFTERWARDS: &str =
    "The photographs hang in the corridor. {child} is on the one beside the window.";

/// While a phone is lost and not yet replaced.
pub(super) const MISSING: &str = "{child}'s jacket was left on the coach; it is in the staff room.";

/// From whoever found the phone.
pub(super) const THIEF: &str =
    "Somebody else collects {child} tomorrow. Please tell me where the side entrance is.";

/// From the new phone, and the answers to it.
pub(super) const BACK: &str = "This is my new telephone. Everything that we wrote is here again.";
pub(super) const WELCOME_BACK: [&str; 2] = [
    "Good. I have been standing beside you and still had to look twice.",
    "Thank you for telling us. Nobody collects {child} without the two of you.",
];

/// With the child's name in it.
pub(super) fn about(text: &str, child: &str) -> String {
    text.replace("{child}", child)
}
