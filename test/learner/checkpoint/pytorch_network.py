"""PST-BLN as a PyTorch module, to check checkpoints against.

    python pytorch_network.py load CHECKPOINT.pt DATA.json        logits of our checkpoint, as JSON
    python pytorch_network.py save CHECKPOINT.pt DATA.json        writes a randomised network, prints its logits
    python pytorch_network.py train DATA.json                     training steps from given weights, prints the result

DATA.json holds the network's numbers and the input. Logits are those of evaluation mode.
"""

import json
import sys

import torch
from torch import nn


class Bilinear(nn.Module):
    def __init__(self, channels_in, channels_out, points):
        super().__init__()
        self.rand_graph = nn.Parameter(torch.zeros(3, points, points))
        self.g_conv = nn.ModuleList(nn.Conv2d(channels_in, channels_out, 1) for _ in range(3))
        self.bn = nn.BatchNorm2d(channels_out)
        if channels_in != channels_out:
            self.bln_residual = nn.Sequential(nn.Conv2d(channels_in, channels_out, 1), nn.BatchNorm2d(channels_out))
        else:
            self.bln_residual = nn.Identity()

    def forward(self, x):
        mapped = sum(conv(x @ graph) for conv, graph in zip(self.g_conv, self.rand_graph))
        return torch.relu(self.bn(mapped) + self.bln_residual(x))


class Temporal(nn.Module):
    def __init__(self, channels_in, channels_out, kernel, stride):
        super().__init__()
        self.t_conv = nn.Conv2d(channels_in, channels_out, (kernel, 1), padding=(kernel // 2, 0), stride=(stride, 1))
        self.bn = nn.BatchNorm2d(channels_out)

    def forward(self, x):
        return self.bn(self.t_conv(x))


class Layer(nn.Module):
    def __init__(self, index, channels_in, channels_out, points):
        super().__init__()
        stride = 2 if index in (4, 7) else 1
        self.bln = Bilinear(channels_in, channels_out, points)
        self.tcn = Temporal(channels_out, channels_out, 9, stride)
        self.skip = index > 0
        if self.skip and (channels_in != channels_out or stride != 1):
            self.residual = Temporal(channels_in, channels_out, 1, stride)
        else:
            self.residual = nn.Identity()

    def forward(self, x):
        y = self.tcn(self.bln(x))
        return torch.relu(y + self.residual(x) if self.skip else y)


class Network(nn.Module):
    def __init__(self, shape):
        super().__init__()
        points, persons, channels = shape["numPoint"], shape["numPerson"], shape["inChannels"]
        self.data_bn = nn.BatchNorm1d(persons * points * channels)
        self.dropout = nn.Dropout(shape["dropoutRate"])
        self.layers = nn.ModuleDict()
        for index, blocks in enumerate(shape["topology"]):
            out = blocks * shape["blockSize"]
            self.layers[f"l{index}"] = Layer(index, channels, out, points)
            channels = out
        self.fc = nn.Linear(channels, shape["numClass"])

    def forward(self, x):
        n, c, t, v, m = x.shape
        x = self.data_bn(x.permute(0, 4, 3, 1, 2).reshape(n, m * v * c, t))
        x = x.view(n, m, v, c, t).permute(0, 1, 3, 4, 2).reshape(n * m, c, t, v)
        for layer in self.layers.values():
            x = layer(self.dropout(x))
        return self.fc(x.view(n, m, x.shape[1], -1).mean(3).mean(1))


def randomise(network):
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.normal_(0, 0.4)
        for name, buffer in network.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(0, 0.3)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 2)


def training_steps(network, data, case):
    optimizer = (
        torch.optim.SGD(network.parameters(), lr=case["lr"], momentum=0.9, nesterov=True, weight_decay=case["weightDecay"])
        if case["optimizer"] == "sgd"
        else torch.optim.Adam(network.parameters(), lr=case["lr"], weight_decay=case["weightDecay"])
    )
    network.train()
    losses = []
    for _ in range(case["steps"]):
        loss = nn.functional.cross_entropy(network(data), torch.tensor(case["labels"]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def main(command, checkpoint, data_file):
    torch.manual_seed(1)
    with open(data_file, encoding="utf-8") as file:
        case = json.load(file)
    shape = case["shape"]
    network = Network(shape)
    dims = [-1, shape["inChannels"], case["frames"], shape["numPoint"], shape["numPerson"]]
    data = torch.tensor(case["data"], dtype=torch.float32).view(dims)
    answer = {}
    if command == "save":
        randomise(network)
        torch.save(network.state_dict(), checkpoint)
    else:
        network.load_state_dict(torch.load(checkpoint, weights_only=True), strict=True)
    if command == "train":
        answer["losses"] = training_steps(network, data, case)
        answer["batches_tracked"] = int(network.data_bn.num_batches_tracked)
    network.eval()
    with torch.no_grad():
        answer["logits"] = network(data).flatten().tolist()
    print(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
