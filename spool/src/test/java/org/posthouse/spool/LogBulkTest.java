package org.posthouse.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthouse.spool.Samples.octets;

import org.junit.jupiter.api.Test;
import org.posthouse.core.SpoolId;

import java.util.ArrayList;
import java.util.List;

/** What is told of large content from outside. */
class LogBulkTest extends InspectedSpool {
    private static final int CHUNK_OCTETS = 65536;

    private final byte[] body = octets(1, 1_200_000);

    /** Accepts a large message; the first run of its chunks. */
    private LogRecord.Run runOf(SpoolId id) {
        List<LogEntry> entries = new ArrayList<>();
        inspector().entriesOf(id, ReadProgress.NONE, entries::add);
        LogEntry.Frame commit = (LogEntry.Frame) entries.getFirst();
        return ((LogRecord.Accepted) commit.records().getFirst()).content().bulk().getFirst();
    }

    @Test
    void largeContentIsVerifiedAndFound() throws Exception {
        SpoolId id = accept(body, "a@x.example");
        spool.close();
        SpoolCheck check = check();
        assertThat(check.isFine()).isTrue();
        assertThat(check.segments().bulk()).isPositive();
        assertThat(check.queue().octets()).isEqualTo(Samples.withPrefix(body).length);
        assertThat(content(id)).isEqualTo(Samples.withPrefix(body));
        assertThat(entries())
                .anyMatch(
                        entry ->
                                entry instanceof LogEntry.Segment segment
                                        && segment.bulk()
                                        && segment.file().equals(runOf(id).file()));
        inspector()
                .queued(
                        ReadProgress.NONE,
                        message -> {
                            List<ContentGap> gaps = new ArrayList<>();
                            assertThat(content(message, gaps)).isEqualTo(Samples.withPrefix(body));
                            assertThat(gaps).isEmpty();
                        });
    }

    @Test
    void flippedBit() throws Exception {
        SpoolId id = accept(body, "a@x.example");
        accept(octets(2, 1_000_000), "a@x.example");
        spool.close();
        LogRecord.Run run = runOf(id);
        flip(run.file(), run.position() + Frame.HEADER_OCTETS + 777, 3);
        SpoolCheck check = check();
        assertThat(check.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.PAYLOAD);
                            assertThat(damage.file()).isEqualTo(run.file());
                            assertThat(damage.generation()).isEqualTo(run.generation());
                            assertThat(damage.position()).isEqualTo(run.position());
                            assertThat(damage.messages()).containsExactly(id);
                        });
        assertThat(check.setAside()).containsExactly(new SpoolCheck.SetAside(id, CHUNK_OCTETS));
        List<ContentGap> gaps = new ArrayList<>();
        byte[] exported = content(find(id), gaps);
        assertThat(exported).hasSize(Samples.withPrefix(body).length);
        assertThat(gaps)
                .containsExactly(new ContentGap(Samples.prefix().length, CHUNK_OCTETS, true));
    }

    @Test
    void deletedFile() throws Exception {
        SpoolId id = accept(body, "a@x.example");
        spool.close();
        LogRecord.Run run = runOf(id);
        platform.disk().delete(DIRECTORY.resolve(run.file()));
        SpoolCheck check = check();
        assertThat(check.damage())
                .anySatisfy(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.MISSING_FILE);
                            assertThat(damage.file()).isEqualTo(run.file());
                            assertThat(damage.messages()).containsExactly(id);
                        });
        assertThat(check.setAside())
                .singleElement()
                .satisfies(s -> assertThat(s.id()).isEqualTo(id));
        List<ContentGap> gaps = new ArrayList<>();
        byte[] exported = content(find(id), gaps);
        assertThat(gaps).isNotEmpty().noneMatch(ContentGap::isThere);
        assertThat(exported.length).isLessThan(body.length);
    }

    @Test
    void flippedBitInTheHeader() throws Exception {
        SpoolId id = accept(body, "a@x.example");
        spool.close();
        String file = runOf(id).file();
        byte[] all = platform.disk().contents(DIRECTORY.resolve(file));
        int slot = all[0] == 'P' ? 0 : SegmentHeader.SLOT_DISTANCE;
        flip(file, slot + 30, 3);
        SpoolCheck check = check();
        assertThat(check.damage())
                .singleElement()
                .satisfies(
                        damage -> {
                            assertThat(damage.kind()).isEqualTo(SpoolDamage.Kind.HEADER);
                            assertThat(damage.file()).isEqualTo(file);
                            assertThat(damage.messages()).containsExactly(id);
                        });
        assertThat(check.setAside()).isEmpty();
        assertThat(content(id)).isEqualTo(Samples.withPrefix(body));
        open();
        assertThat(Samples.read(spool.content(id))).isEqualTo(Samples.withPrefix(body));
    }

    @Test
    void fileThatNobodyNeedsMayBeAnything() throws Exception {
        accept(body, "a@x.example");
        settleAll();
        spool.close();
        for (String name : platform.disk().list(DIRECTORY)) {
            if (name.startsWith("bulk")) {
                flip(name, 30, 3);
                flip(name, 4096 + 30, 3);
                flip(name, 9000, 3);
            }
        }
        assertThat(check().isFine()).isTrue();
    }
}
