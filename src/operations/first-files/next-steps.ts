import type { Federation, FoundCustomer, FoundTarget } from "./federation.ts";
import type { FirstFiles } from "./files.ts";
import { aliasOf } from "./policy-files.ts";
import { cloudVariable } from "./variables.ts";

/** Something to be done, and the commands for it: typed as they stand, in the folder. */
export interface NextStep {
  readonly about: string;
  readonly commands: readonly string[];
}

const withEnvironment = "--environment environment.yaml";

/** What is left to do after the files are written, in order, up to the first login. */
export function nextSteps(federation: Federation, { missing }: Pick<FirstFiles, "missing">): NextStep[] {
  const { clouds, clusters, customers } = federation;
  return [
    ...customers.map((customer) => stepOfCustomer(customer, federation)),
    {
      about: `Fill in ${missing.join(", ")} in cloudpass.env, and have all of it in your shell`,
      commands: ["set -a; . ./cloudpass.env; set +a"],
    },
    {
      about: "Make the signing keys, and check everything once more",
      commands: ["cloudpass keys create", "cloudpass config check broker.yaml"],
    },
    {
      about: "Look at the customers' identity providers, then make the realm",
      commands: [
        ...customers.map(({ issuer }) => `cloudpass idp check ${issuer} ${withEnvironment}`),
        `cloudpass realms apply ${withEnvironment}`,
      ],
    },
    ...clouds.map(stepOfCloud),
    ...clusters.map(stepOfCluster),
    {
      about: "Look at what would be given, and give it",
      commands: [`cloudpass policies apply ${withEnvironment}`],
    },
    { about: "Start the broker, in a terminal of its own that has cloudpass.env, too", commands: ["cloudpass serve"] },
    {
      about: "See whether all of it works, and log in",
      commands: [
        `cloudpass doctor broker ${withEnvironment}`,
        ...clouds.map(({ name }) => `cloudpass doctor cloud ${name} ${withEnvironment} --config broker.yaml`),
        ...clusters.map(({ name }) => `cloudpass doctor cluster ${name} ${withEnvironment} --config broker.yaml`),
        "cloudpass login",
        "cloudpass status",
      ],
    },
  ];
}

const stepOfCustomer = ({ name, issuer }: FoundCustomer, { keycloak, realm }: Federation): NextStep => ({
  about: `At ${issuer}, have ${name} make a confidential client cloudpass-broker, with the redirect address ${keycloak}/realms/${realm}/broker/${aliasOf(name)}/endpoint and a claim "groups"`,
  commands: [],
});

const stepOfCloud = ({ name }: FoundTarget): NextStep => ({
  about: `On the cloud ${name}, as its administrator: an account for cloudpass, and rendered/${name}.apache.conf into the virtual host of Keystone`,
  commands: [
    `openstack user create cloudpass --domain default --password "$${cloudVariable(name)}"`,
    "openstack role add --user cloudpass --project admin admin",
    `cloudpass targets render ${name} ${withEnvironment} --dir rendered`,
  ],
});

function stepOfCluster({ name, address }: FoundTarget): NextStep {
  const config = `kubectl config --kubeconfig ${name}.kubeconfig`;
  const admin = "kubectl config view --raw --minify --flatten";
  return {
    about: `On the cluster ${name}, as its administrator: an account for cloudpass, and rendered/${name}.authentication.json to its API server`,
    commands: [
      `cloudpass targets render ${name} ${withEnvironment} --dir rendered`,
      `kubectl apply -f rendered/${name}.operator.yaml`,
      `${admin} -o jsonpath='{.clusters[0].cluster.certificate-authority-data}' | base64 -d > ${name}-ca.crt`,
      `${config} set-cluster ${name} --server ${address} --certificate-authority ${name}-ca.crt --embed-certs`,
      `${config} set-credentials cloudpass --token "$(kubectl create token cloudpass --namespace cloudpass --duration 24h)"`,
      `${config} set-context ${name} --cluster ${name} --user cloudpass`,
      `${config} use-context ${name}`,
    ],
  };
}
