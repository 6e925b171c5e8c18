package org.posthouse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTest {
    @ParameterizedTest
    @CsvSource({
        "plain text, plain text",
        "'  =?UTF-8?B?R3LDvMOfZQ==?= ', Grüße",
        "=?utf-8?q?Gr=C3=BC=C3=9Fe_aus?= =?utf-8?q?_K=C3=B6ln?=, Grüße aus Köln",
        "=?iso-8859-1*de?Q?=FCber?= und =?x-none?Q?a?=, über und =?x-none?Q?a?=",
        "=?UTF-8?B?***?= =?UTF-8?Q?=ZZ?=, =?UTF-8?B?***?==?UTF-8?Q?=ZZ?=",
        "=?UTF-8?Q?a=1B[31mred=0D=0A?=, 'a [31mred '",
        "=?iso-8859-1?Q?a=9B31mred=85?=, 'a 31mred '",
        "=?UTF-8?Q?a=E2=80=AEb=E2=81=A6c=E2=80=A8d?=, 'a b c d'",
        "=?UTF-8?Q?=, =?UTF-8?Q?="
    })
    void encodedWordsAreDecodedAndNothingElse(String value, String text) {
        assertThat(Subject.decoded(value)).isEqualTo(text);
    }
}
