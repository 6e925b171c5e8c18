/**
 * The rules that machines keep. Imports and calls are read from the class files of all modules,
 * sizes and iteration orders from the sources, words from all files under version control. What a
 * rule must let pass stands, with its reason, in {@code exceptions.txt}; an exception that nothing
 * needs any more fails too.
 */
@org.jspecify.annotations.NullMarked
package org.posthouse.tidy;
