/**
 * The program {@code sendmail}: a small client of the control socket that starts fast. It uses the
 * JDK's basic classes alone, and neither streams nor lambdas nor regular expressions, which cost a
 * start more than the rest of it.
 */
@org.jspecify.annotations.NullMarked
package org.posthouse.daemon.sendmail;
