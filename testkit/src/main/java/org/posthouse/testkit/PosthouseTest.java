package org.posthouse.testkit;

import org.junit.jupiter.api.extension.ExtendWith;
import org.posthouse.server.ListenerSettings.Tls;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test class with an SMTP server: one for the class, on a free port. Tests, and methods before
 * and after each, get it by a parameter {@link MailSandbox}, which is empty as each test begins. By
 * a parameter {@link FakeInternet} each test gets an internet of its own, and by a parameter {@link
 * org.posthouse.Posthouse} an engine on it, that of {@link FakeInternet#posthouse}.
 *
 * @since 0.1
 */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(PosthouseExtension.class)
@SuppressWarnings("exports") // only JUnit looks at it
public @interface PosthouseTest {
    /** How TLS is offered. */
    Tls tls() default Tls.OFFER;

    /** Logins that are right, each {@code LOGIN:PASSWORD}; without any, each is. */
    String[] logins() default {};
}
