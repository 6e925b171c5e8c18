package org.posthouse.testkit;

import java.util.List;

/** What selectors look at. */
interface MailFacts {
    String from();

    List<String> to();

    String subject();

    List<String> headers(String name);

    String text();

    String login();
}
