/** What measures the engine, and has to make what it keeps to itself. */
@org.jspecify.annotations.NullMarked
package org.posthouse;
