package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthouse.JournalEntry.Kept;
import org.posthouse.core.Disposition;
import org.posthouse.core.Mailbox;
import org.posthouse.core.Origin;
import org.posthouse.core.ReversePath;
import org.posthouse.core.SpoolId;
import org.posthouse.journal.KeyedLog;
import org.posthouse.platform.DiskFile;
import org.posthouse.sim.SimPlatform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

class DecisionJournalTest {
    private static final Path FOLDER = Path.of("/data/journal");
    private static final KeyedLog.Limits SMALL = new KeyedLog.Limits(2000, 8, Duration.ofDays(7));

    /** When the simulated world begins. */
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final SimPlatform sim = new SimPlatform(1);

    private static JournalEntry entry(long id) {
        return new JournalEntry(
                new SpoolId(id),
                BEGIN.plusMillis(id),
                new Origin("public", "192.0.2.1", "client\texample\n", "ada", "ESMTPSA"),
                id % 2 == 0 ? ReversePath.NULL : Mailbox.parse("ada@shop.example"),
                id,
                2,
                "hello",
                List.of(
                        new Kept(Mailbox.parse("bob@far.example"), relayed(), "f\tl-.\tR+.apps"),
                        new Kept(Mailbox.parse("\"e v e\"@x.example"), Disposition.LOCAL, "")));
    }

    private static Disposition relayed() {
        return new Disposition.Relayed("apps", "");
    }

    private void with(KeyedLog.Limits limits, Consumer<DecisionJournal> body) {
        sim.run(
                () -> {
                    DecisionJournal journal = DecisionJournal.start(sim, FOLDER, limits);
                    body.accept(journal);
                    try {
                        journal.close(sim.time().after(Duration.ofMinutes(1)));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
        sim.assertQuiet();
    }

    @Test
    void anEntryIsReadAsItWasWritten() {
        for (long id = 1; id < 3; id++) {
            JournalEntry read = JournalEntry.parse(entry(id).text());
            assertThat(read.recipients()).isEqualTo(entry(id).recipients());
            assertThat(read.reversePath()).isEqualTo(entry(id).reversePath());
            assertThat(read.origin().heloName()).isEqualTo("client example ");
            assertThat(read.text()).isEqualTo(entry(id).text());
        }
    }

    @Test
    void whatWasKeptIsFoundAtOnceAndAfterAStart() {
        with(
                SMALL,
                journal -> {
                    for (long id = 2; id <= 31; id++) {
                        journal.add(entry(id ^ 1)); // not quite in order
                        assertThat(journal.find(new SpoolId(id ^ 1))).isPresent();
                    }
                });
        with(
                SMALL,
                journal -> {
                    for (long id = 2; id <= 29; id++) {
                        assertThat(journal.find(new SpoolId(id))).as("id %s", id).isPresent();
                    }
                    assertThat(journal.find(new SpoolId(1000))).isEmpty();
                });
    }

    @Test
    void whatIsKeptIsBoundedInNumberAndTime() {
        with(
                SMALL,
                journal -> {
                    for (long id = 1; id <= 500; id++) {
                        journal.add(entry(id));
                    }
                });
        assertThat(files()).hasSize(SMALL.filesMax());
        with(
                SMALL,
                journal -> {
                    assertThat(journal.find(new SpoolId(1))).isEmpty();
                    assertThat(journal.find(new SpoolId(499))).isPresent();
                    sim.advance(Duration.ofDays(8));
                    journal.add(entry(501));
                    sim.settle();
                });
        assertThat(files()).as("the last one of then, and that of now").hasSize(2);
    }

    @Test
    void littleIsKeptNoLongerThanMuch() {
        with(
                SMALL.keeping(Duration.ofDays(2)),
                journal -> {
                    journal.add(entry(1));
                    sim.advance(Duration.ofHours(47));
                    assertThat(journal.find(new SpoolId(1))).isPresent();
                    sim.advance(Duration.ofHours(2));
                    assertThat(journal.find(new SpoolId(1))).isEmpty();
                    for (long day = 3; day <= 6; day++) {
                        journal.add(entry(day));
                        sim.advance(Duration.ofHours(25));
                    }
                });
        assertThat(files()).as("deleted while it runs").hasSizeLessThan(5);
    }

    @Test
    void nothingIsKeptWhereNothingIsWanted() {
        with(
                SMALL.keeping(Duration.ZERO),
                journal -> {
                    journal.add(entry(1));
                    assertThat(journal.find(new SpoolId(1))).isEmpty();
                });
    }

    @Test
    void damageIsNoEntryAndNoHarm() {
        with(SMALL, journal -> journal.add(entry(1)));
        var random = new Random(4);
        for (int round = 0; round < 300; round++) {
            sim.run(() -> spoil(random));
            with(
                    SMALL,
                    journal -> {
                        journal.find(new SpoolId(1)).ifPresent(e -> assertThat(e.octets()).isOne());
                        assertThat(journal.find(new SpoolId(2))).isEmpty();
                    });
        }
    }

    private void spoil(Random random) {
        try {
            String name = sim.disk().list(FOLDER).getFirst();
            try (DiskFile file = sim.disk().open(FOLDER.resolve(name))) {
                byte[] octet = {(byte) random.nextInt()};
                file.write(ByteBuffer.wrap(octet), random.nextInt((int) file.size()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> files() {
        var names = new ArrayList<String>();
        sim.run(
                () -> {
                    try {
                        names.addAll(sim.disk().list(FOLDER));
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        return names;
    }
}
