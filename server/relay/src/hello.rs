//! The first frame of a connection and its answer.

use tandem_proto::{
    Closing, Greeting, Hash16, Hello, PROTOCOL, RelayToClient, TransportKey, cursor_digest,
    cursor_root,
};

use crate::{ConnId, relay::Relay};

impl Relay {
    pub(crate) fn hello(&mut self, id: ConnId, device: TransportKey, hello: &Hello) {
        let Some(version) = PROTOCOL.agree(hello.version) else {
            return self.conns.close(id, Closing::Version(PROTOCOL));
        };
        if let Some(why) = self.turned_away(&device) {
            return self.conns.close(id, why);
        }
        if let Some(conn) = self.conns.get_mut(id) {
            conn.version = Some(version);
        }
        self.conns.make_live(id, device);
        if self.told != Some(self.generation) {
            // The present generation is not durable yet; everybody is greeted when it is.
            return self.answer_pass(id);
        }
        let matched =
            hello.generation == Some(self.generation) && hello.digest == self.digest_of(&device);
        self.greet(id, matched);
        self.answer_pass(id);
        if matched {
            self.counts.matched_greetings += 1;
            self.resume(id, &device);
        }
    }

    fn digest_of(&mut self, device: &TransportKey) -> Hash16 {
        match self.devices.get_mut(device) {
            Some(device) => cursor_digest(&device.root(&self.threads), device.acks),
            None => cursor_digest(&cursor_root([]), 0),
        }
    }

    fn greet(&mut self, id: ConnId, matched: bool) {
        let Some(conn) = self.conns.get_mut(id) else { return };
        let Some(version) = conn.version else { return };
        conn.matched = matched;
        let (generation, time) = (self.generation, self.now);
        let greeting = Greeting { version, generation, time, matched };
        self.conns.send(id, RelayToClient::Greeting(greeting));
    }

    /// Greets every connection in a new generation: none matches, all name their cursors again.
    pub(crate) fn greet_everybody(&mut self) {
        for id in self.conns.ids() {
            self.greet(id, false);
        }
    }

    /// Sends what is new beyond the stored cursors. Looks at threads with news only.
    fn resume(&mut self, id: ConnId, device: &TransportKey) {
        let dirty: Vec<_> =
            self.devices.get(device).into_iter().flat_map(|d| &d.dirty).copied().collect();
        let Some(conn) = self.conns.get_mut(id) else { return };
        conn.owes_caught_up = 1;
        for thread in dirty {
            if conn.follow(self.devices.get(device), &thread).is_some() {
                conn.mark(thread);
            }
        }
        self.pump(id);
    }
}
