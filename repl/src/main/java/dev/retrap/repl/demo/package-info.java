/** The demonstration: what the entry rewrite changes for a program, told with the numbers of fresh recordings. */
package dev.retrap.repl.demo;
