package org.posthouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderFieldsTest {
    private static final byte[] SECTION =
            ShortStrings.octets(
                    "From: ada\r\nSubject: one\r\n two\r\n\tthree \r\nsubject: other\r\nX:\r\n");

    @Test
    void findsTheFirstValueUnfolded() {
        assertThat(HeaderFields.first(SECTION, "SUBJECT", 100)).contains("one two\tthree");
        assertThat(HeaderFields.first(SECTION, "Subject", 5)).contains("one");
        assertThat(HeaderFields.first(SECTION, "x", 100)).contains("");
        assertThat(HeaderFields.first(SECTION, "to", 100)).isEmpty();
    }

    @Test
    void tellsWhereFieldsStand() {
        var fields = new HeaderFields(SECTION, 0, SECTION.length);
        assertThat(fields.next()).isTrue();
        assertThat(fields.name()).isEqualTo("From");
        assertThat(fields.next()).isTrue();
        assertThat(fields.from()).isEqualTo(11);
        assertThat(fields.to()).isEqualTo(40);
        assertThat(fields.next()).isTrue();
        assertThat(fields.next()).isTrue();
        assertThat(fields.next()).isFalse();
        assertThat(fields.next()).isFalse();
    }
}
