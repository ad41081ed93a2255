package dev.retrap.gdbstub.rsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
