package org.posthouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.posthouse.Posthouse;

import java.time.Duration;

/** Internets in fields: one a test, one a class. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RegisteredInternetTest {
    @RegisterExtension static final FakeInternet OF_CLASS = FakeInternet.create();

    @RegisterExtension final FakeInternet ofTest = FakeInternet.create();

    private static Posthouse engineOfFirst;

    @Test
    @Order(1)
    void bothBegin() {
        engineOfFirst = ofTest.posthouse();
        ofTest.clock().advance(Duration.ofHours(1));
        OF_CLASS.clock().advance(Duration.ofHours(1));
        assertThat(OF_CLASS.posthouse().isRunning()).isTrue();
        assertThat(ofTest.posthouse()).isSameAs(engineOfFirst);
    }

    @Test
    @Order(2)
    void thatOfTheClassGoesOn() {
        assertThat(engineOfFirst.isRunning()).isFalse();
        assertThat(ofTest.now()).isEqualTo(FakeInternet.START);
        assertThat(OF_CLASS.now()).isEqualTo(FakeInternet.START.plus(Duration.ofHours(1)));
        assertThat(OF_CLASS.posthouse().isRunning()).isTrue();
    }

    /** Before the field's own extension is at its end. */
    @AfterAll
    static void theEngineOfTheClassRunsToItsEnd() {
        assertThat(OF_CLASS.posthouse().isRunning()).isTrue();
    }

    @Test
    @Order(3)
    void whatIsClosedStaysClosed() {
        FakeInternet closed = FakeInternet.create();
        Posthouse engine = closed.posthouse();
        closed.close();
        closed.close();
        assertThat(engine.isRunning()).isFalse();
        assertThatThrownBy(closed::posthouse).isInstanceOf(IllegalStateException.class);
    }
}
