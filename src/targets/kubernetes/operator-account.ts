import type { ClusterTarget, Policy } from "../../policy/index.ts";

// What is put into the texts below, where only a cluster's policy knows it.
const groups = /^( *expression: )GROUPS$/m;
const labelKeys = /^( *expression: )LABEL_KEYS$/m;
const roles = /^( *resourceNames: )ROLES$/m;

/**
 * The account with which a cluster's bindings are kept, and the API server's own limits for it (decision 0057), with what the
 * policy says of the cluster: `deploy/kubernetes/operator.yaml` is that of the example. An operator applies it as cluster-admin.
 */
export function operatorAccount(policy: Pick<Policy, "tenants">, cluster: ClusterTarget): string {
  const keys = new Set(
    [...policy.tenants.values()].flatMap(({ namespaces }) => {
      const found = namespaces.get(cluster.name);
      return found !== undefined && "label" in found ? [found.label.split("=")[0] ?? ""] : [];
    }),
  );
  const account = head(cluster.name) + limited;
  const filled = account
    .replace(groups, (_, before) => `${before}${quoted(`${JSON.stringify(cluster.prefix)} + "cp."`)}`)
    .replace(labelKeys, (_, before) => `${before}${quoted(listOf([...keys].map((key) => JSON.stringify(key))))}`)
    .replace(roles, (_, before) => `${before}${listOf(cluster.roles)}`);
  if (cluster.clusterWide.length === 0) return filled;
  return `${filled}---\n${clusterWide.replace(roles, (_, before) => `${before}${listOf(cluster.clusterWide)}`)}`;
}

const listOf = (names: readonly string[]): string => `[${names.join(", ")}]`;

/** In single quotes, as YAML has it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const head = (
  cluster: string,
): string => `# The account with which cloudpass keeps the bindings of ${cluster}, and the API server's own limits for it. As cluster-admin:
#   kubectl apply -f ${cluster}.operator.yaml
#   kubectl create token cloudpass --namespace cloudpass --duration 24h
# Render and apply it again when the policy has other roles for ${cluster}.
# RBAC cannot say in which namespaces a role may be bound, nor to whom; two admission policies do. Whoever steals the token
# can give the named roles to groups of a tenant in that tenant's namespaces, take them away again, and make namespaces.
`;

const limited = `apiVersion: v1
kind: Namespace
metadata:
  name: cloudpass
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: cloudpass-bindings
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [rbac.authorization.k8s.io]
        apiVersions: ["*"]
        operations: ["*"]
        resources: [rolebindings, clusterrolebindings]
  matchConditions:
    - name: our-account
      expression: request.userInfo.username == "system:serviceaccount:cloudpass:cloudpass"
  variables:
    # The prefix of the cluster in the policy (subjects.prefix), and the beginning of every group that we mint.
    - name: groups
      expression: GROUPS
    # Where tenants' namespaces go by a label of yours, its key, such as ["tenant"]: whoever may set it may give.
    - name: labelKeys
      expression: LABEL_KEYS
    - name: inNamespace
      expression: request.operation != "DELETE" && request.resource.resource == "rolebindings"
    - name: tenant
      expression: 'variables.inNamespace ? namespaceObject.metadata.?labels[?"cloudpass/tenant"].orValue("") : ""'
    # As cloudpass mints them; "name" is no part of a group's name.
    - name: tenantGroups
      expression: >-
        variables.groups + (variables.tenant == "" ? "" : variables.tenant.replace("name", "nme") + ".")
  validations:
    - message: this binding is not one of cloudpass
      reason: Forbidden
      expression: >-
        oldObject == null || (oldObject.metadata.name.startsWith("cloudpass:") &&
        oldObject.metadata.?labels[?"app.kubernetes.io/managed-by"].orValue("") == "cloudpass")
    - message: a binding of cloudpass is named and labelled as such, and has neither finalizers nor owners
      reason: Forbidden
      expression: >-
        object == null || (object.metadata.?name.orValue("").startsWith("cloudpass:") &&
        object.metadata.?labels[?"app.kubernetes.io/managed-by"].orValue("") == "cloudpass" &&
        !has(object.metadata.finalizers) && !has(object.metadata.ownerReferences))
    - message: the namespace is no tenant's. Label it cloudpass/tenant=<tenant>, unless it is the cluster's own
      reason: Forbidden
      expression: >-
        !variables.inNamespace || (!(request.namespace in ["default", "cloudpass"]) &&
        !request.namespace.startsWith("kube-") && (variables.tenant != "" ||
        variables.labelKeys.exists(key, key in namespaceObject.metadata.?labels.orValue({}))))
    - message: cloudpass gives roles to groups of its own only, and in a tenant's namespace to that tenant's
      reason: Forbidden
      expression: >-
        object == null || object.?subjects.orValue([]).all(subject, subject.kind == "Group" &&
        subject.name.startsWith(variables.tenantGroups))
    - message: this role was not named to cloudpass. Add it to resourceNames (operator.yaml)
      reason: Forbidden
      expression: >-
        object == null || (object.roleRef.kind == "ClusterRole" &&
        authorizer.group("rbac.authorization.k8s.io").resource("clusterroles").name(object.roleRef.name).check("bind").allowed())
    - message: this role was not named to cloudpass for the whole cluster. Add it to operator-cluster-wide.yaml
      reason: Forbidden
      expression: >-
        object == null || request.resource.resource != "clusterrolebindings" ||
        authorizer.group("rbac.authorization.k8s.io").resource("clusterroles").name(object.roleRef.name).check("bind-cluster-wide").allowed()
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: cloudpass-bindings
spec:
  policyName: cloudpass-bindings
  validationActions: [Deny, Audit]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: cloudpass-namespaces
spec:
  failurePolicy: Fail
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: ["*"]
        operations: ["*"]
        resources: [namespaces, namespaces/*]
  matchConditions:
    - name: our-account
      expression: request.userInfo.username == "system:serviceaccount:cloudpass:cloudpass"
  validations:
    - message: cloudpass makes namespaces and does nothing else with them
      reason: Forbidden
      # The same again is no change: an apply whose answer was lost is sent twice.
      expression: >-
        request.operation == "CREATE" || (request.operation == "UPDATE" && object.spec == oldObject.spec &&
        object.metadata.?labels.orValue({}) == oldObject.metadata.?labels.orValue({}) &&
        object.metadata.?annotations.orValue({}) == oldObject.metadata.?annotations.orValue({}) &&
        !has(object.metadata.finalizers) && !has(object.metadata.ownerReferences))
    - message: the namespace is the cluster's own
      reason: Forbidden
      expression: >-
        object == null || (!(object.metadata.?name.orValue("") in ["", "default", "cloudpass"]) &&
        !object.metadata.name.startsWith("kube-"))
    # Other labels and annotations may let pods do more: pod-security.kubernetes.io, default tolerations, …
    - message: a namespace of cloudpass has its labels and no others, and no annotations
      reason: Forbidden
      expression: >-
        request.operation != "CREATE" || (!has(object.metadata.annotations) &&
        object.metadata.?labels[?"app.kubernetes.io/managed-by"].orValue("") == "cloudpass" &&
        object.metadata.?labels[?"cloudpass/tenant"].orValue("") != "" &&
        object.metadata.labels.all(key, key in ["app.kubernetes.io/managed-by", "cloudpass/tenant", "kubernetes.io/metadata.name"]) &&
        !has(object.metadata.finalizers) && !has(object.metadata.ownerReferences))
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: cloudpass-namespaces
spec:
  policyName: cloudpass-namespaces
  validationActions: [Deny, Audit]
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: cloudpass
  namespace: cloudpass
# The token is asked for with kubectl create token; no pod runs as this account.
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cloudpass-operator
rules:
  # Namespaces of tenants are made when absent, and never changed or deleted.
  - apiGroups: [""]
    resources: [namespaces]
    verbs: [get, list, create, patch]
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [rolebindings]
    verbs: [get, list, create, patch, delete]
  # Looked at, so that none of ours is overlooked; written only with operator-cluster-wide.yaml.
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterrolebindings]
    verbs: [get, list]
  # The only roles that it can give to anybody: those of the policy's cluster. The doctor sees whether they are filled.
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [bind, get]
    resourceNames: ROLES
  # For cloudpass doctor cluster: was a configuration refused, how old are the keys?
  - nonResourceURLs: [/metrics]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: cloudpass-operator
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cloudpass-operator
subjects:
  - kind: ServiceAccount
    name: cloudpass
    namespace: cloudpass
`;

// Whoever steals the account's token can give these roles to any group of cloudpass, in every namespace. A role that reads
// secrets or writes workloads is, in kube-system, the whole cluster.
const clusterWide = `# Roles that the policy gives in the whole cluster (clusterWide). With them whoever steals the account's token can give these
# to any group of cloudpass, in every namespace.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cloudpass-operator-cluster-wide
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterrolebindings]
    verbs: [create, patch, delete]
  # The verb bind-cluster-wide is asked for by the admission policy cloudpass-bindings.
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    verbs: [bind, bind-cluster-wide, get]
    resourceNames: ROLES
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: cloudpass-operator-cluster-wide
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cloudpass-operator-cluster-wide
subjects:
  - kind: ServiceAccount
    name: cloudpass
    namespace: cloudpass
`;
