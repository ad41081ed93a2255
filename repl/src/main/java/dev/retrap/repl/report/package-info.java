/** What commands and debugger print about a recording: events as lines of text and as JSON, tables, numbers. */
package dev.retrap.repl.report;
