//! The search: which of many byte strings are in a file, a folder, a process or a text.

use std::{fs, path::Path};

/// What is looked for.
pub(crate) struct Needles {
    all: Vec<Vec<u8>>,
    /// Which begin with these two bytes.
    begin: Vec<Vec<usize>>,
    longest: usize,
}

impl Needles {
    pub(crate) fn new(all: Vec<Vec<u8>>) -> Self {
        let mut begin = vec![Vec::new(); 1 << 16];
        for (n, needle) in all.iter().enumerate() {
            assert!(needle.len() >= 8, "too short to mean anything: {needle:?}");
            begin[usize::from(u16::from_be_bytes([needle[0], needle[1]]))].push(n);
        }
        let longest = all.iter().map(Vec::len).max().unwrap_or(0);
        Self { all, begin, longest }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Notes what is in these bytes.
    fn look(&self, bytes: &[u8], found: &mut Found) {
        found.bytes += bytes.len() as u64;
        let mut two = 0u16;
        for (at, byte) in bytes.iter().enumerate() {
            two = (two << 8) | u16::from(*byte);
            let near = &self.begin[usize::from(two)];
            if near.is_empty() || at == 0 {
                continue;
            }
            for n in near {
                if bytes[at - 1..].starts_with(&self.all[*n]) {
                    found.needles.push(String::from_utf8_lossy(&self.all[*n]).into_owned());
                }
            }
        }
    }

    pub(crate) fn in_bytes(&self, bytes: &[u8]) -> Found {
        let mut found = Found::default();
        self.look(bytes, &mut found);
        found
    }

    /// In the files of a folder and of those below, but for one of a name, and in their names.
    pub(crate) fn in_folder(&self, folder: &Path, but: Option<&str>) -> Found {
        let mut found = Found::default();
        self.walk(folder, but, &mut found);
        found
    }

    fn walk(&self, folder: &Path, but: Option<&str>, found: &mut Found) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            self.look(name.as_bytes(), found);
            if path.is_dir() {
                self.walk(&path, but, found);
            } else if path.is_file() && but != Some(name.as_str()) {
                self.look(&fs::read(&path).unwrap(), found);
            }
        }
    }

    /// In everything that a process has in memory and that can be read.
    #[cfg(target_os = "linux")]
    pub(crate) fn in_process(&self, pid: u32) -> Found {
        use std::os::unix::fs::FileExt;

        const PIECE: usize = 4 << 20;
        let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
        let memory = fs::File::open(format!("/proc/{pid}/mem")).unwrap();
        let mut found = Found::default();
        let mut buffer = vec![0; PIECE + self.longest];
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (range, rights) = (words.next().unwrap(), words.next().unwrap());
            let (from, to) = range.split_once('-').unwrap();
            let hex = |text: &str| u64::from_str_radix(text, 16).unwrap();
            let (mut at, to) = (hex(from), hex(to));
            // The kernel's own pages in every process can't be read.
            if !rights.starts_with('r') || line.contains("[v") {
                continue;
            }
            while at < to {
                // A piece reaches into the next, so that nothing lies between two.
                let most = usize::try_from(to - at).unwrap().min(buffer.len());
                let Ok(read @ 1..) = memory.read_at(&mut buffer[..most], at) else { break };
                self.look(&buffer[..read], &mut found);
                at += read.min(PIECE) as u64;
            }
        }
        found
    }
}

/// What a search came to.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) needles: Vec<String>,
    /// How much was looked at.
    pub(crate) bytes: u64,
}
