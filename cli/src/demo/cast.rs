//! Who is in the story. Each name has six letters or more, so that the search of the relay's files
//! can't find one by accident.

use tandem_proto::Role;

use super::chance::Chance;

/// The teacher's device.
pub(super) const TEACHER: usize = 0;
/// The specialist's device.
pub(super) const SPECIALIST: usize = 1;

/// How many children come along.
const CHILDREN: usize = 10;
/// Of how many both guardians have a phone.
const IN_PAIRS: usize = 4;
/// With how many families the specialist works.
const SUPPORTED: usize = 3;

const CHILD_NAMES: [&str; 14] = [
    "Matilda", "Benjamin", "Yasmin", "Leonard", "Amadou", "Philippa", "Kristof", "Zainab",
    "Oliver", "Ingrid", "Rosalie", "Tobias", "Nadira", "Emmanuel",
];

const GUARDIAN_NAMES: [&str; 18] = [
    "Adriana",
    "Tomasz",
    "Florence",
    "Ibrahim",
    "Katarina",
    "Samuel",
    "Marisol",
    "Johannes",
    "Fatima",
    "Patrick",
    "Valentina",
    "Gregor",
    "Chiara",
    "Mustafa",
    "Beatriz",
    "Stefan",
    "Aurelia",
    "Dominik",
];

/// A person and their device.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) role: Role,
}

/// A child's thread: who is in it, by their devices' places in the cast.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// The child, whose name is the thread's title.
    pub(super) child: &'static str,
    pub(super) guardians: Vec<usize>,
    pub(super) supported: bool,
}

impl Family {
    /// All devices of the thread.
    pub(super) fn members(&self) -> Vec<usize> {
        let mut members = vec![TEACHER];
        members.extend(self.supported.then_some(SPECIALIST));
        members.extend(&self.guardians);
        members
    }
}

/// Draws the people and their families.
pub(super) fn draw(chance: &mut Chance) -> (Vec<Person>, Vec<Family>) {
    let (mut children, mut guardians) = (CHILD_NAMES, GUARDIAN_NAMES);
    chance.shuffle(&mut children);
    chance.shuffle(&mut guardians);
    let mut people = vec![
        Person { name: "Ms Rivera", role: Role::Teacher },
        Person { name: "Mr Okonkwo", role: Role::Specialist },
    ];
    let mut names = guardians.into_iter();
    let mut families = Vec::new();
    for (at, child) in children.into_iter().take(CHILDREN).enumerate() {
        let mut family = Family { child, guardians: Vec::new(), supported: at % 4 == 0 };
        let size = if at % 2 == 0 && at / 2 < IN_PAIRS { 2 } else { 1 };
        for name in names.by_ref().take(size) {
            family.guardians.push(people.len());
            people.push(Person { name, role: Role::Guardian });
        }
        families.push(family);
    }
    debug_assert_eq!(families.iter().filter(|family| family.supported).count(), SUPPORTED);
    (people, families)
}

/// Who is who, for whoever reads the story from its beginning.
pub(super) fn introduced(people: &[Person], families: &[Family]) -> String {
    let name = |at: usize| people[at].name;
    let home = |family: &Family| {
        let guardians: Vec<_> = family.guardians.iter().map(|at| name(*at)).collect();
        format!("{} ({})", family.child, guardians.join(" and "))
    };
    let homes: Vec<_> = families.iter().map(home).collect();
    let lines: Vec<_> = homes.chunks(4).map(|some| some.join(", ")).collect();
    let supported: Vec<_> =
        families.iter().filter(|family| family.supported).map(|family| family.child).collect();
    format!(
        "{} is the teacher. In the class, with who is at home:\n{}.\n{} is the specialist, for \
         {}.",
        name(TEACHER),
        lines.join(",\n"),
        name(SPECIALIST),
        supported.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_introduced() {
        let (people, families) = draw(&mut Chance::new(7, 0));
        let said = introduced(&people, &families);
        assert!(people.iter().all(|person| said.contains(person.name)), "{said}");
        assert!(families.iter().all(|family| said.contains(family.child)), "{said}");
    }

    #[test]
    fn sixteen_people_share_ten_threads_whatever_the_seed() {
        for seed in 0..50 {
            let (people, families) = draw(&mut Chance::new(seed, 0));
            assert_eq!((people.len(), families.len()), (16, CHILDREN));
            assert_eq!(families.iter().filter(|f| f.guardians.len() == 2).count(), IN_PAIRS);
            assert_eq!(families.iter().filter(|f| f.supported).count(), SUPPORTED);
            let both = families.iter().any(|f| f.supported && f.guardians.len() == 2);
            assert!(both, "someone for every scene");
            assert!(people.iter().all(|person| person.name.len() >= 6));
        }
    }
}
