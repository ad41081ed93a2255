package dev.retrap.trace;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.retrap.cpu.BootImage;
import dev.retrap.cpu.CpuModel;
import dev.retrap.cpu.CpuModels;
import dev.retrap.cpu.MachineConfig;
import dev.retrap.cpu.Reg;
import dev.retrap.trace.file.Format;
import dev.retrap.trace.file.RecordingFormatException;
import dev.retrap.trace.v1.Header;
import dev.retrap.trace.v1.Image;
import dev.retrap.trace.v1.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A recording's origin to and from its Header record. */
final class HeaderCodec {
    private HeaderCodec() {}

    /** What a header says. */
    record Contents(RecordingInfo info, int registers, List<ProbeSite> probes, Optional<Branch> branch) {}

    static Record encode(RecordingInfo info, List<ProbeSite> probes, Optional<Branch> branch) {
        Header.Builder h = Header.newBuilder()
                .setFormat(Format.VERSION)
                .setRecorder(info.recorder())
                .addRequiredFeatures(Format.FEATURE_PAGE_DELTAS).addRequiredFeatures(Format.FEATURE_ROWS)
                .setMachine(machine(info.config()))
                .setKernelCommandLine(info.image().commandLine())
                .setVariant(info.variant())
                .setProgram(info.program())
                .addAllCommandLine(info.commandLine())
                .setCrossingRegisters(Reg.CROSSING_SLOTS);
        h.addImages(image("kernel", info.image().kernel(), ""));
        for (BootImage.Module m : info.image().modules()) {
            h.addImages(image(m.name(), m.data(), m.commandLine()));
        }
        for (ProbeSite p : probes) {
            h.addProbePoints(p.encode());
        }
        branch.ifPresent(b -> h.setBranch(dev.retrap.trace.v1.Branch.newBuilder().setName(b.name())
                .setParent(b.parent()).setPosition(b.position())));
        return Record.newBuilder().setHeader(h).build();
    }

    private static dev.retrap.trace.v1.MachineConfig machine(MachineConfig config) {
        return dev.retrap.trace.v1.MachineConfig.newBuilder()
                .setCpuModel(config.cpu().name())
                .setCpuModelDigest(ByteString.copyFrom(Digests.of(config.cpu())))
                .setRamBytes(config.ramBytes())
                .build();
    }

    private static Image image(String name, byte[] data, String commandLine) {
        return Image.newBuilder()
                .setName(name)
                .setSha256(ByteString.copyFrom(Digests.sha256(data)))
                .setData(UnsafeByteOperations.unsafeWrap(data))
                .setCommandLine(commandLine)
                .build();
    }

    static Contents decode(Header h) throws RecordingFormatException {
        boolean unknown = h.getRequiredFeaturesList().stream().anyMatch(f -> f != Format.FEATURE_PAGE_DELTAS
                && f != Format.FEATURE_ROWS);
        if (h.getFormat() > Format.VERSION || unknown) {
            throw new RecordingFormatException("made by " + h.getRecorder()
                    + ", which uses features that this program does not know: use a newer Retrap");
        }
        if (h.getCrossingRegisters() != Reg.CROSSING_SLOTS) {
            throw new RecordingFormatException("events of " + h.getCrossingRegisters()
                    + " registers, this program knows " + Reg.CROSSING_SLOTS + ": use the Retrap that made it, "
                    + h.getRecorder());
        }
        List<BootImage.Module> modules = new ArrayList<>();
        for (Image i : h.getImagesList()) {
            if (!i.getSha256().equals(ByteString.copyFrom(Digests.sha256(i.getData().toByteArray())))) {
                throw new RecordingFormatException("corrupt: the embedded image " + i.getName()
                        + " does not have the digest that it should have");
            }
            modules.add(new BootImage.Module(i.getName(), i.getData().toByteArray(), i.getCommandLine()));
        }
        if (modules.isEmpty()) {
            throw new RecordingFormatException("corrupt: no kernel image in the header");
        }
        BootImage image = new BootImage(modules.getFirst().data(), h.getKernelCommandLine(),
                modules.subList(1, modules.size()));
        List<ProbeSite> probes = new ArrayList<>();
        for (dev.retrap.trace.v1.ProbePoint p : h.getProbePointsList()) {
            probes.add(ProbeSite.decode(p));
        }
        RecordingInfo info = new RecordingInfo(config(h), image, h.getVariant(), h.getProgram(),
                h.getCommandLineList(), h.getRecorder());
        Optional<Branch> branch = h.hasBranch()
                ? Optional.of(new Branch(h.getBranch().getName(), h.getBranch().getParent(),
                        h.getBranch().getPosition()))
                : Optional.empty();
        return new Contents(info, h.getCrossingRegisters(), List.copyOf(probes), branch);
    }

    private static MachineConfig config(Header h) throws RecordingFormatException {
        CpuModel model;
        try {
            model = CpuModels.named(h.getMachine().getCpuModel());
        } catch (IllegalArgumentException e) {
            throw new RecordingFormatException("recorded on CPU model " + h.getMachine().getCpuModel()
                    + ", which this program does not have: use a newer Retrap");
        }
        if (!h.getMachine().getCpuModelDigest().equals(ByteString.copyFrom(Digests.of(model)))) {
            throw new RecordingFormatException("recorded on another edition of CPU model " + model.name()
                    + " than this program has: use the Retrap that made it, " + h.getRecorder());
        }
        try {
            return new MachineConfig(model, h.getMachine().getRamBytes());
        } catch (IllegalArgumentException e) {
            throw new RecordingFormatException("corrupt: " + e.getMessage());
        }
    }
}
