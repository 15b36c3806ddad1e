//! Made-up words of families and teachers.
//!
//! A sentence is a template; `{name}`, `{day}` and the like stand for one of a list.

use rand_chacha::ChaCha8Rng;
use rand_core::Rng;

/// A list of equally likely pieces.
type Pieces = &'static [&'static str];

const NAMES: Pieces = &[
    "Mia",
    "Leo",
    "Sofía",
    "Mateo",
    "Emma",
    "Lucas",
    "Valentina",
    "Noah",
    "Camila",
    "Oliver",
    "Lucía",
    "Diego",
    "Ava",
    "Daniel",
    "Isabella",
    "Samuel",
    "Elena",
    "Jack",
    "Zoe",
    "Adrián",
];
const FAMILIES: Pieces = &[
    "García",
    "Smith",
    "Martínez",
    "Johnson",
    "López",
    "Brown",
    "Hernández",
    "Miller",
    "Rivera",
    "Nguyen",
    "Davis",
    "Torres",
    "Wilson",
    "Morales",
    "Okafor",
    "Kowalski",
];

const EN: &[(&str, Pieces)] = &[
    (
        "day",
        &[
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "tomorrow",
            "today",
            "next week",
            "this week",
        ],
    ),
    (
        "subject",
        &[
            "reading", "maths", "writing", "science", "PE", "music", "art", "homework", "spelling",
            "history",
        ],
    ),
    (
        "time",
        &[
            "in the morning",
            "after lunch",
            "after school",
            "at pick-up",
            "during break",
            "before class",
            "in the afternoon",
            "at 3:30",
            "at home",
            "last night",
        ],
    ),
    (
        "thing",
        &[
            "the book",
            "the worksheet",
            "the project",
            "the lunch box",
            "the form",
            "the jacket",
            "the water bottle",
            "the permission slip",
            "the reading log",
            "the homework folder",
        ],
    ),
    (
        "feeling",
        &[
            "happy",
            "tired",
            "worried",
            "excited",
            "proud",
            "upset",
            "nervous",
            "calm",
            "quiet",
            "frustrated",
        ],
    ),
    (
        "did",
        &[
            "finished",
            "practised",
            "forgot",
            "brought home",
            "talked about",
            "worked on",
            "helped with",
            "enjoyed",
            "asked about",
            "struggled with",
        ],
    ),
    (
        "who",
        &[
            "the teacher",
            "a friend",
            "the group",
            "another child",
            "the class",
            "the school nurse",
            "the counsellor",
            "grandma",
            "the bus driver",
            "the coach",
        ],
    ),
];

const ES: &[(&str, Pieces)] = &[
    (
        "day",
        &[
            "el lunes",
            "el martes",
            "el miércoles",
            "el jueves",
            "el viernes",
            "mañana",
            "hoy",
            "la próxima semana",
            "esta semana",
        ],
    ),
    (
        "subject",
        &[
            "lectura",
            "matemáticas",
            "escritura",
            "ciencias",
            "educación física",
            "música",
            "arte",
            "la tarea",
            "ortografía",
            "historia",
        ],
    ),
    (
        "time",
        &[
            "por la mañana",
            "después del almuerzo",
            "después de la escuela",
            "a la salida",
            "en el recreo",
            "antes de clase",
            "por la tarde",
            "a las 3:30",
            "en casa",
            "anoche",
        ],
    ),
    (
        "thing",
        &[
            "el libro",
            "la hoja de ejercicios",
            "el proyecto",
            "la lonchera",
            "el formulario",
            "la chaqueta",
            "la botella de agua",
            "el permiso firmado",
            "el registro de lectura",
            "la carpeta de tareas",
        ],
    ),
    (
        "feeling",
        &[
            "contenta",
            "cansado",
            "preocupada",
            "emocionado",
            "orgullosa",
            "triste",
            "nervioso",
            "tranquila",
            "callado",
            "frustrada",
        ],
    ),
    (
        "did",
        &[
            "terminó",
            "practicó",
            "olvidó",
            "trajo a casa",
            "habló de",
            "trabajó en",
            "ayudó con",
            "disfrutó",
            "preguntó por",
            "tuvo dificultades con",
        ],
    ),
    (
        "who",
        &[
            "la maestra",
            "un amigo",
            "el grupo",
            "otro niño",
            "la clase",
            "la enfermera de la escuela",
            "la consejera",
            "la abuela",
            "el conductor del autobús",
            "el entrenador",
        ],
    ),
];

const EN_MESSAGES: Pieces = &[
    "{name} {did} {subject} {day} and was {feeling} about it.",
    "Thank you for letting us know about {thing}.",
    "Good morning, {name} will be late {day} because of a doctor's appointment.",
    "{name} was {feeling} {time}. Is there anything we should know?",
    "We noticed that {name} has been {feeling} {time} and wanted to let you know.",
    "Please remember to send {thing} {day}.",
    "Could we find a time to talk {day}, perhaps {time}?",
    "Thank you so much for your help with {subject}.",
    "{name} said that {who} was very kind {time}.",
    "I just wanted to share that {name} had a really good day in {subject}.",
    "We would like to know how {name} is doing in {subject}.",
    "At home {name} reads for twenty minutes every evening.",
    "There will be no school {day}. The trip is on {day} instead.",
    "{name} did not sleep well and may be {feeling} today.",
    "The class is going to the museum {day}; children need {thing} and lunch.",
    "I have a question about {thing} that came home {day}.",
    "It would help if {name} could sit closer to the front during {subject}.",
    "We are trying something new at home: ten minutes of {subject} before dinner.",
    "Yes, that works for us. See you {day} {time}.",
    "{name} told us about the project and is looking forward to {day}.",
];
const EN_WHATS: Pieces = &[
    "Over the last two weeks {name} has not handed in {thing} and seems {feeling} in {subject}.",
    "{name} came home {feeling} three times because of something that happened with {who} {time}.",
    "We are concerned about {subject}: {name} finds it hard to begin and gives up quickly.",
    "{name} was left out by {who} {time} and did not want to go to school {day}.",
    "During {subject} {name} often leaves the seat and finds it hard to concentrate.",
];
const EN_WAYS: Pieces = &[
    "Let us agree on a short check-in {time} and look at it again in two weeks.",
    "I suggest smaller steps in {subject} and a note home every {day}.",
    "We could sit together with {who} {day} and make a plan that {name} can help to write.",
    "{name} could choose a quiet place to work and show {thing} at the end of the day.",
    "We will try a seat near the front and five minutes of movement before {subject}.",
];
const EN_STEPS: Pieces = &[
    "Read together for fifteen minutes and write it in {thing}.",
    "Talk with {who} about {time} and report back.",
    "Send {thing} home every {day}.",
    "Practise {subject} with the cards from the folder.",
    "Call the family {day} to say how it went.",
];

const ES_MESSAGES: Pieces = &[
    "{name} {did} {subject} {day} y se sintió {feeling}.",
    "Gracias por avisarnos sobre {thing}.",
    "Buenos días, {name} llegará tarde {day} porque tiene una cita con el médico.",
    "{name} estaba {feeling} {time}. ¿Hay algo que debamos saber?",
    "Hemos notado que {name} ha estado {feeling} {time} y queríamos comentarlo con ustedes.",
    "Por favor, recuerden enviar {thing} {day}.",
    "¿Podríamos encontrar un momento para hablar {day}, quizás {time}?",
    "Muchas gracias por su ayuda con {subject}.",
    "{name} dijo que {who} fue muy amable {time}.",
    "Solo quería compartir que {name} tuvo un día muy bueno en {subject}.",
    "Nos gustaría saber cómo le va a {name} en {subject}.",
    "En casa {name} lee veinte minutos cada noche.",
    "No habrá clases {day}. La excursión será {day}.",
    "{name} no durmió bien y puede estar {feeling} hoy.",
    "La clase va al museo {day}; los niños necesitan {thing} y el almuerzo.",
    "Tengo una pregunta sobre {thing} que llegó a casa {day}.",
    "Ayudaría que {name} pudiera sentarse más cerca del frente durante {subject}.",
    "Estamos probando algo nuevo en casa: diez minutos de {subject} antes de cenar.",
    "Sí, nos parece bien. Nos vemos {day} {time}.",
    "{name} nos contó del proyecto y espera con ganas {day}.",
];
const ES_WHATS: Pieces = &[
    "En las últimas dos semanas {name} no ha entregado {thing} y parece {feeling} en {subject}.",
    "{name} llegó a casa {feeling} tres veces por algo que pasó con {who} {time}.",
    "Nos preocupa {subject}: a {name} le cuesta empezar y se rinde rápido.",
    "{name} fue excluido por {who} {time} y no quería ir a la escuela {day}.",
    "Durante {subject} {name} se levanta a menudo y le cuesta concentrarse.",
];
const ES_WAYS: Pieces = &[
    "Acordemos una breve conversación {time} y revisémoslo en dos semanas.",
    "Propongo pasos más pequeños en {subject} y una nota a casa cada semana.",
    "Podríamos sentarnos con {who} {day} y hacer un plan que {name} ayude a escribir.",
    "{name} podría elegir un lugar tranquilo para trabajar y mostrar {thing} al final del día.",
    "Probaremos un asiento cerca del frente y cinco minutos de movimiento antes de {subject}.",
];
const ES_STEPS: Pieces = &[
    "Leer juntos quince minutos y anotarlo en {thing}.",
    "Hablar con {who} sobre lo que pasó {time} e informar.",
    "Enviar {thing} a casa {day}.",
    "Practicar {subject} con las tarjetas de la carpeta.",
    "Llamar a la familia {day} para contar cómo fue.",
];

/// A number below `end`.
pub(super) fn below(rng: &mut ChaCha8Rng, end: usize) -> usize {
    // The lists are so short that the bias of a remainder does not matter.
    rng.next_u32() as usize % end
}

fn one(rng: &mut ChaCha8Rng, pieces: Pieces) -> &'static str {
    pieces[below(rng, pieces.len())]
}

/// A person's name.
pub(super) fn name(rng: &mut ChaCha8Rng) -> String {
    format!("{} {}", one(rng, NAMES), one(rng, FAMILIES))
}

/// A thread's title.
pub(super) fn title(rng: &mut ChaCha8Rng) -> String {
    let class = ["1A", "2B", "3A", "4C", "5B", "Room 12", "Grade 3", "4.º B"];
    format!("{} {}, {}", one(rng, NAMES), one(rng, FAMILIES), class[below(rng, class.len())])
}

/// The words of one field of an entry.
pub(super) fn field(rng: &mut ChaCha8Rng, spanish: bool, kind: &str, field: &str) -> String {
    match (kind, field) {
        (_, "owner") => one(rng, &["home", "school"]).to_owned(),
        (_, "due") => format!("2025-{:02}-{:02}", 9 + below(rng, 4), 1 + below(rng, 30)),
        ("concern", "what") => sentence(rng, spanish, if spanish { ES_WHATS } else { EN_WHATS }),
        ("concern", _) => sentence(rng, spanish, if spanish { ES_WAYS } else { EN_WAYS }),
        ("step", _) => sentence(rng, spanish, if spanish { ES_STEPS } else { EN_STEPS }),
        _ => {
            let messages = if spanish { ES_MESSAGES } else { EN_MESSAGES };
            let sentences = 1 + below(rng, 3);
            let sentences: Vec<_> =
                (0..sentences).map(|_| sentence(rng, spanish, messages)).collect();
            sentences.join(" ")
        }
    }
}

fn sentence(rng: &mut ChaCha8Rng, spanish: bool, templates: Pieces) -> String {
    let mut out = String::new();
    let mut rest = one(rng, templates);
    while let Some((before, slot)) = rest.split_once('{') {
        let (slot, after) = slot.split_once('}').unwrap_or((slot, ""));
        out.push_str(before);
        let lists = if spanish { ES } else { EN };
        let list = lists.iter().find(|(name, _)| *name == slot).map_or(NAMES, |(_, list)| list);
        out.push_str(one(rng, list));
        rest = after;
    }
    out + rest
}
